package io.sallyport.dialect;

import java.util.regex.Pattern;

/** The head of a {@code data:} URI (RFC 2397) inside a JSON string. */
final class DataUri {
  private static final int HEAD_MAX = 256;

  private static final Pattern BASE64_HEAD =
      Pattern.compile("(?i)data:[a-z0-9.+/-]*(;[a-z0-9._-]+=[a-z0-9._-]*)*;base64");

  private DataUri() {}

  /** Whether a string is a data URI at all; one with leading blanks is, as browsers see it. */
  static boolean is(byte[] body, int start, int end) {
    String head = JsonText.decodeStart(body, start, end, HEAD_MAX).stripLeading();
    return head.regionMatches(true, 0, "data:", 0, 5);
  }

  /**
   * The offset of the first character of the payload. The declared type is not looked at: what the
   * bytes are is for the decoder to find out.
   *
   * @throws UnreadableException when the head is not that of a base64 data URI
   */
  static int payload(byte[] body, int start, int end) {
    int comma = start;
    int stop = Math.min(end, start + HEAD_MAX);
    while (comma < stop && body[comma] != ',') {
      comma++;
    }
    if (comma == stop || !BASE64_HEAD.matcher(head(body, start, comma)).matches()) {
      throw new UnreadableException(Defect.BAD_BASE64);
    }
    return comma + 1;
  }

  private static String head(byte[] body, int start, int comma) {
    return JsonText.decode(body, start, comma, true);
  }
}
