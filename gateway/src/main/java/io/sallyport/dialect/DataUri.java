package io.sallyport.dialect;

import java.util.regex.Pattern;

/** The head of a {@code data:} URI (RFC 2397) in a string of JSON or of a form. */
final class DataUri {
  private static final int HEAD_MAX = 256;

  private static final Pattern BASE64_HEAD =
      Pattern.compile("(?i)data:[a-z0-9.+/-]*(;[a-z0-9._-]+=[a-z0-9._-]*)*;base64");

  private DataUri() {}

  /** Whether a string is a data URI at all; one with leading blanks is, as browsers see it. */
  static boolean is(byte[] body, int start, int end, boolean escaped) {
    String head = JsonText.decodeStart(body, start, end, HEAD_MAX, escaped).stripLeading();
    return head.regionMatches(true, 0, "data:", 0, 5);
  }

  /**
   * The offset of the first character of the payload. The declared type is not looked at: what the
   * bytes are is for the decoder to find out.
   *
   * @param escaped true when the string may hold JSON escapes
   * @throws UnreadableException when the head is not that of a base64 data URI
   */
  static int payload(byte[] body, int start, int end, boolean escaped) {
    int comma = start;
    int stop = Math.min(end, start + HEAD_MAX);
    while (comma < stop && body[comma] != ',') {
      comma++;
    }
    if (comma == stop
        || !BASE64_HEAD.matcher(JsonText.decode(body, start, comma, escaped)).matches()) {
      throw new UnreadableException(Defect.BAD_BASE64);
    }
    return comma + 1;
  }
}
