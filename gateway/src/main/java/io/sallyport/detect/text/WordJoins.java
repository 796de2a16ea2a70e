package io.sallyport.detect.text;

import org.jspecify.annotations.Nullable;

/**
 * Words with something stuck inside ({@code zep-pelin}, {@code zep*pelin}, {@code zep'pelin}),
 * joined.
 *
 * <p>What a sentence puts between words stays a gap in the careful reading, and so do the symbols
 * that pass for letters; the bold reading joins across everything but spaces. A hyphen at the end
 * of a line joins in both. The result is never longer.
 */
final class WordJoins {
  private static final int GAP_MAX = 8;
  private static final String SENTENCE = ",;:|&?!@$+\u20ac\u00a3\u00a2";

  private WordJoins() {}

  /** The text joined across marks that belong inside words or nowhere. */
  static String careful(String text) {
    return join(text, false);
  }

  /** The text joined across all that is no space. */
  static String bold(String text) {
    return join(text, true);
  }

  private static String join(String text, boolean bold) {
    @Nullable StringBuilder out = null;
    int copied = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (Words.isWordPart(point)) {
        inWord = Words.isSpacedLetter(point);
        i += Character.charCount(point);
        continue;
      }
      int end = endOfGap(text, i);
      if (inWord && end < text.length() && joins(text, i, end, bold)) {
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, i);
        copied = end;
      }
      inWord = false;
      i = end;
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private static int endOfGap(String text, int start) {
    int i = start;
    while (i < text.length() && !Words.isWordPart(text.codePointAt(i))) {
      i += Character.charCount(text.codePointAt(i));
    }
    return i;
  }

  private static boolean joins(String text, int start, int end, boolean bold) {
    if (end - start > GAP_MAX || !Words.isSpacedLetter(text.codePointAt(end))) {
      return false;
    }
    if (text.charAt(start) == '-' && text.substring(start + 1, end).isBlank()) {
      return end == start + 1 || text.substring(start, end).indexOf('\n') > 0;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || (!bold && SENTENCE.indexOf(c) >= 0)) {
        return false;
      }
    }
    return true;
  }
}
