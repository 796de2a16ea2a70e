package io.sallyport.dialect;

/**
 * A dialect file as it was read.
 *
 * @param file the name for problems
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Source(String file, byte[] yaml) {}
