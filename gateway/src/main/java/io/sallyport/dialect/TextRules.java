package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What a string of a request may be, wherever it stands. Pure. */
final class TextRules {
  /** Shorter strings that nobody claims are no text (api-shapes rule 5). */
  static final int SWEPT_CHARS_MIN = 3;

  static final int PLAIN_CHARS_MAX = 256;

  /** Names of end users: hashes, mail addresses, numbers. Anything with blanks is swept as text. */
  static final Pattern USER = Pattern.compile("[!-~]{1,128}");

  private TextRules() {}

  /**
   * Refuses a claimed text that is a data URI or holds one, or that makes a server read more out of
   * it than is judged here.
   */
  static void requireText(String text, List<String> denied) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (Looks.holdsDataUri(bytes, 0, bytes.length)) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
    refuseDenied(text, denied);
  }

  /** Refuses a string that nobody claims and that looks like an image or a URL. */
  static void requireNoImage(String text, List<String> denied) {
    if (looksLikeImageOrUrl(text)) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
    refuseDenied(text, denied);
  }

  /** True for a value that need not be looked at: it fits, and is no image and no URL. */
  static boolean fits(String text, Pattern pattern) {
    return text.length() <= PLAIN_CHARS_MAX
        && pattern.matcher(text).matches()
        && !looksLikeImageOrUrl(text);
  }

  static boolean looksLikeImageOrUrl(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return looksLikeImageOrUrl(bytes, 0, bytes.length);
  }

  static boolean looksLikeImageOrUrl(byte[] bytes, int start, int end) {
    return Looks.likeImage(bytes, start, end) || Looks.likeUrl(bytes, start, end);
  }

  private static void refuseDenied(String text, List<String> denied) {
    for (String piece : denied) {
      if (text.contains(piece)) {
        throw new UnreadableException(Defect.NOT_JUDGED);
      }
    }
  }
}
