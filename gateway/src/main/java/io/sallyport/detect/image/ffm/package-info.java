/**
 * Decoders of the machine, called through {@code java.lang.foreign}: libjpeg-turbo, libwebp,
 * libavif with dav1d, libdeflate. The only room that calls native code by itself.
 *
 * <p>Owns the signatures, the constants (from each library's public header), the least versions,
 * and the memory outside the heap. Never reads a file's structure: whoever calls has read the
 * header, checked the caps and taken a share of the budget, and tells the size that the library
 * must find. A library that is missing, too old or of an unknown interface is not an error but a
 * {@link Opened} without a codec, and the caller decodes otherwise.
 *
 * <p>Calls are plain ones, never {@code Linker.Option.critical}: that would hold every garbage
 * collection until a decode of many milliseconds ends.
 */
@NullMarked
package io.sallyport.detect.image.ffm;

import org.jspecify.annotations.NullMarked;
