package io.sallyport.detect.text;

import java.util.SplittableRandom;

/** Random text that is rich in what parsers stumble over. */
public final class RandomText {
  private static final String[] PIECES = {
    "zeppelin",
    "airship",
    " ",
    "  ",
    "\n",
    "&",
    "&#",
    "&#x",
    "122",
    ";",
    "%",
    "%7A",
    "%25",
    "(",
    ")",
    "((",
    "[",
    "]",
    "{",
    "}",
    "|",
    ":",
    ":1.3",
    "<lora:",
    ">",
    "<",
    "BREAK",
    "__",
    "a",
    "b",
    "z e p",
    "-",
    ".",
    "'",
    "1",
    "3",
    "@",
    "$",
    "!",
    "emVwcGVsaW4=",
    "7a657070",
    "\\x7a",
    "\\u007a",
    "\u0301",
    "\u200b",
    "\u202e",
    "\ufe0f",
    "\ud83d",
    "\ude00",
    "\ud83c\udf88",
    "\u0437",
    "\uff5a",
    "\ufdfa",
    "\ud835\udd6b",
    "\udb40\udc7a",
    "\u4e2d",
    "\u0e01",
    "\u0130",
    "\u00df",
    "\u0000"
  };

  private RandomText() {}

  public static String of(SplittableRandom random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(8) == 0) {
        text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
      } else {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }
}
