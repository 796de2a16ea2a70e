package io.sallyport.detect.text;

/**
 * Text written in Unicode's tag characters, a second ASCII that no font shows but language models
 * can read.
 */
final class TagText {
  private static final int FIRST = 0xE0020;
  private static final int LAST = 0xE007E;
  private static final int SHIFT = 0xE0000;
  private static final char HIGH = Character.highSurrogate(FIRST);

  private TagText() {}

  /** The text with tag characters made visible; the same object when there was none. */
  static String reveal(String text) {
    if (text.indexOf(HIGH) < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean hidden = false;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      boolean tag = point >= FIRST && point <= LAST;
      if (tag != hidden) {
        out.append(' '); // what is hidden is a text of its own
        hidden = tag;
      }
      out.appendCodePoint(tag ? point - SHIFT : point);
    }
    return out.toString();
  }
}
