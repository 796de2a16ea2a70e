package io.sallyport.detect.tokens;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tokens {@code <0x00>} to {@code <0xFF>}, which spell the characters that a vocabulary does
 * not have ({@code byte_fallback}). All 256 must be there, so that nothing is unknown. Immutable.
 *
 * @param ids by byte
 */
record FallbackBytes(int[] ids) {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** Looks a token up. */
  @FunctionalInterface
  interface Ids {
    /** Its id; refuses the file when it has none. */
    int of(String token) throws IOException;
  }

  static FallbackBytes of(Ids vocabulary) throws IOException {
    int[] ids = new int[256];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = vocabulary.of(token(i));
    }
    return new FallbackBytes(ids);
  }

  /** All of them, as the vocabulary spells them. */
  static Set<String> tokens() {
    return IntStream.range(0, 256)
        .mapToObj(FallbackBytes::token)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String token(int value) {
    return "<0x" + HEX.toHexDigits((byte) value) + ">";
  }

  /**
   * Writes a character.
   *
   * @param tokens with room for four from {@code at} on
   * @return where the next one goes
   */
  int write(int point, int[] tokens, int at) {
    int length = Utf8.length(point);
    for (int i = 0; i < length; i++) {
      tokens[at + i] = ids[Utf8.unit(point, i)];
    }
    return at + length;
  }
}
