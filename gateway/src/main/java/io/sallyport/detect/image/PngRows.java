package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * The inflated bytes of one PNG, row by row. Exact: fewer bytes than the header calls for, or more,
 * are undecodable. For one thread.
 */
sealed interface PngRows extends AutoCloseable permits StreamedRows, WholeRows {
  /** Reads the next row's {@code length} bytes and tells its filter. */
  int next(byte[] row, int length) throws UnavailableException;

  /**
   * Checks that the last row was the last byte of the stream, and the stream the last of the data.
   */
  void end() throws UnavailableException;

  @Override
  void close();
}
