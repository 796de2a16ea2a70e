package io.sallyport.demo;

import java.util.List;
import java.util.Optional;

/** A colour that a prompt can name. */
enum Hue {
  RED(0xDC1E1E, "red", "crimson", "scarlet"),
  ORANGE(0xF58219, "orange"),
  YELLOW(0xF5D719, "yellow"),
  GOLD(0xC89B1E, "gold", "golden"),
  LIME(0x96DC1E, "lime"),
  GREEN(0x1E9632, "green"),
  OLIVE(0x787814, "olive"),
  TEAL(0x148282, "teal"),
  CYAN(0x1ED2E6, "cyan", "aqua"),
  BLUE(0x1E46DC, "blue"),
  NAVY(0x14145A, "navy"),
  PURPLE(0x55238C, "purple", "violet"),
  MAGENTA(0xFF00FF, "magenta", "fuchsia"),
  PINK(0xFAB4C3, "pink"),
  BROWN(0x784623, "brown"),
  BLACK(0x141414, "black"),
  GREY(0x828282, "grey", "gray"),
  WHITE(0xFFFFFF, "white");

  private final int rgb;
  private final List<String> words;

  Hue(int rgb, String... words) {
    this.rgb = rgb;
    this.words = List.of(words);
  }

  /** {@code 0xRRGGBB}. */
  int rgb() {
    return rgb;
  }

  /** The first colour among the words. */
  static Optional<Hue> firstNamed(List<String> words) {
    for (String word : words) {
      for (Hue hue : values()) {
        if (hue.words.contains(word)) {
          return Optional.of(hue);
        }
      }
    }
    return Optional.empty();
  }
}
