package io.sallyport.detect.text;

import org.jspecify.annotations.Nullable;

/**
 * Letters that are repeated beyond what words do.
 *
 * <p>For a reader, three or more of a letter become one ({@code soooo}). For term lists, a text and
 * its terms are both written without any repetition, so that they meet whichever letters were drawn
 * out.
 */
final class Elongation {
  /** A word with so many doubled letters is drawn out; {@code bookkeeper} has three. */
  private static final int DOUBLES = 4;

  private static final int TRIPLE = 3;

  private Elongation() {}

  /** The text with drawn-out letters written once; the same object when there was none. */
  static String shorten(String text) {
    @Nullable StringBuilder out = null;
    int copied = 0;
    for (int i = 0; i < text.length(); ) {
      int end = endOfRepeat(text, i, text.length());
      if (end - i >= TRIPLE) {
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, i + 1);
        copied = end;
      }
      i = end;
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  /**
   * Writes words, as {@link Words} writes them, without repeated letters.
   *
   * @param drawnOutOnly true to write no other words than those that are drawn out
   * @return the number of characters written, at most {@code length + 1}
   */
  static int squeeze(char[] words, int length, boolean drawnOutOnly, char[] out) {
    int written = 0;
    out[written++] = ' ';
    for (int i = 1; i < length; ) {
      int wordStart = written;
      int doubles = 0;
      boolean drawnOut = false;
      while (i < length && words[i] != ' ') {
        int end = endOfRepeat(words, i, length);
        doubles += end - i >= 2 ? 1 : 0;
        drawnOut |= end - i >= TRIPLE;
        out[written++] = words[i];
        i = end;
      }
      out[written++] = ' ';
      if (drawnOutOnly && !drawnOut && doubles < DOUBLES) {
        written = wordStart;
      }
      i++;
    }
    return written;
  }

  private static int endOfRepeat(char[] text, int start, int length) {
    char c = text[start];
    int i = start + 1;
    if (Character.isLetter(c)) {
      while (i < length && (text[i] | 0x20) == (c | 0x20)) {
        i++;
      }
    }
    return i;
  }

  private static int endOfRepeat(CharSequence text, int start, int length) {
    char c = text.charAt(start);
    int i = start + 1;
    if (Character.isLetter(c)) {
      while (i < length && (text.charAt(i) | 0x20) == (c | 0x20)) {
        i++;
      }
    }
    return i;
  }
}
