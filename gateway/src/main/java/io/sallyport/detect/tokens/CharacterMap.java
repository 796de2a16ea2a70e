package io.sallyport.detect.tokens;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The replacements of characters that a SentencePiece model carries, compiled ({@code
 * precompiled_charsmap}).
 *
 * <p>The format: the size in bytes of a table, little-endian; the table, a double array over the
 * bytes of UTF-8 as darts-clone lays it out, one little-endian 32-bit unit for each node; then the
 * replacements, each ended by a zero byte, which the table's values point to. It is applied as the
 * Hugging Face library does: to a grapheme of less than six bytes as a whole, else to each of its
 * characters; the first replacement on the way counts. Every index is checked: a hostile map can
 * only replace badly. Immutable.
 */
final class CharacterMap {
  /** A grapheme of that many bytes or more is mapped by its characters. */
  private static final int GRAPHEME_BYTES = 6;

  /** Below it no character joins the one before, but for a line feed after a carriage return. */
  private static final char FIRST_MARK = '\u0300';

  private static final int UNITS_MAX = 1 << 22;

  private final int[] units;
  private final byte[] replacements;

  private CharacterMap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * Reads a map.
   *
   * @throws IOException when it is cut or no base64
   */
  static CharacterMap of(String base64) throws IOException {
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw Expect.refusal("the precompiled_charsmap is no base64");
    }
    Expect.that(bytes.remaining() >= 8, "the precompiled_charsmap is empty");
    int size = bytes.getInt();
    Expect.that(
        size >= 4 && size % 4 == 0 && size <= bytes.remaining() && size / 4 <= UNITS_MAX,
        "the precompiled_charsmap is cut");
    int[] units = new int[size / 4];
    bytes.asIntBuffer().get(units);
    byte[] replacements = new byte[bytes.remaining() - size];
    bytes.position(4 + size).get(replacements);
    return new CharacterMap(units, replacements);
  }

  String apply(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    if (text.chars().allMatch(c -> c < FIRST_MARK && c != '\r')) {
      points(text, 0, text.length(), out);
      return out.toString();
    }
    BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
    graphemes.setText(text);
    int start = graphemes.first();
    for (int end = graphemes.next(); end != BreakIterator.DONE; end = graphemes.next()) {
      grapheme(text, start, end, out);
      start = end;
    }
    return out.toString();
  }

  private void grapheme(String text, int start, int end, StringBuilder out) {
    if (end - start < GRAPHEME_BYTES) {
      byte[] bytes = text.substring(start, end).getBytes(StandardCharsets.UTF_8);
      String found = bytes.length < GRAPHEME_BYTES ? find(bytes, bytes.length) : null;
      if (found != null) {
        out.append(found);
        return;
      }
    }
    points(text, start, end, out);
  }

  private void points(String text, int start, int end, StringBuilder out) {
    byte[] bytes = new byte[4];
    for (int i = start; i < end; ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      String found = find(bytes, Utf8.write(point, bytes, 0));
      if (found == null) {
        out.appendCodePoint(point);
      } else {
        out.append(found);
      }
    }
  }

  /** The replacement of the shortest beginning of the key that has one. */
  private @Nullable String find(byte[] key, int length) {
    int at = offset(units[0]);
    for (int i = 0; i < length; i++) {
      int label = key[i] & 0xFF;
      at ^= label;
      if (label == 0 || at >= units.length || label(units[at]) != label) {
        return null;
      }
      int unit = units[at];
      at ^= offset(unit);
      if ((unit >>> 8 & 1) == 1) {
        return at < units.length ? replacement(units[at] & 0x7FFFFFFF) : null;
      }
    }
    return null;
  }

  private @Nullable String replacement(int start) {
    if (start >= replacements.length) {
      return null;
    }
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(replacements, start, end), StandardCharsets.UTF_8);
  }

  /** With the top bit in it, so that a node that holds a value has no label. */
  private static int label(int unit) {
    return unit & 0x800000FF;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
  }
}
