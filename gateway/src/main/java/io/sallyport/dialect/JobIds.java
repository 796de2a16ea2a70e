package io.sallyport.dialect;

import java.util.regex.Pattern;

/** What an id of a job may be, wherever it stands. Pure. */
final class JobIds {
  /** Ids that one body may name. */
  static final int MAX = 64;

  /** UUIDs, numbers, words, and what services put together of them. Too short to hold an image. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private JobIds() {}

  static boolean fits(String text) {
    return ID.matcher(text).matches();
  }
}
