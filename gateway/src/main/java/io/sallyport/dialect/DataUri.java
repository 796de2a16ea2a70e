package io.sallyport.dialect;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The head of a {@code data:} URI (RFC 2397) in a string of JSON or of a form. */
final class DataUri {
  private static final int HEAD_MAX = 256;

  private static final Pattern BASE64_HEAD =
      Pattern.compile("(?i)data:([a-z0-9.+/-]*)(;[a-z0-9._-]+=[a-z0-9._-]*)*;base64");

  /** What leaves it to whoever reads the bytes. */
  private static final Set<String> UNTYPED = Set.of("", "application/octet-stream");

  private DataUri() {}

  /** Whether a string is a data URI at all; one with leading blanks is, as browsers see it. */
  static boolean is(byte[] body, int start, int end, boolean escaped) {
    String head = JsonText.decodeStart(body, start, end, HEAD_MAX, escaped).stripLeading();
    return head.regionMatches(true, 0, "data:", 0, 5);
  }

  /**
   * The offset of the first character of the payload. Which picture the bytes are is for the
   * decoder to find out, whichever of them the head declares; but it must declare a picture, or
   * whoever goes by the type would see something else than was judged.
   *
   * @param escaped true when the string may hold JSON escapes
   * @throws UnreadableException when the head is not that of a base64 data URI, or declares a type
   *     that is no picture judged here
   */
  static int payload(byte[] body, int start, int end, boolean escaped) {
    int comma = start;
    int stop = Math.min(end, start + HEAD_MAX);
    while (comma < stop && body[comma] != ',') {
      comma++;
    }
    if (comma == stop) {
      throw new UnreadableException(Defect.BAD_BASE64);
    }
    Matcher head = BASE64_HEAD.matcher(JsonText.decode(body, start, comma, escaped));
    if (!head.matches()) {
      throw new UnreadableException(Defect.BAD_BASE64);
    }
    String type = head.group(1).toLowerCase(Locale.ROOT);
    if (!UNTYPED.contains(type) && !PictureType.is(type)) {
      throw new UnreadableException(Defect.DECLARED_TYPE);
    }
    return comma + 1;
  }
}
