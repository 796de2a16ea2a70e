package io.sallyport.dialect;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * The bytes of an {@link ImagePart.Base64}, decoded straight from the body.
 *
 * <p>One spelling only, the one that every decoder reads alike: the alphabet of RFC 4648 section 4,
 * padded to a multiple of four, padding at the end only. CR and LF, and any JSON escape, may stand
 * between.
 */
public final class Base64Image {
  private static final byte SKIP = -2;
  private static final byte PAD = -3;
  private static final byte BAD = -1;
  private static final byte[] VALUES = values();

  private Base64Image() {}

  /**
   * Decodes one image into an array of exactly its size.
   *
   * @return a heap buffer, offset 0, its array not shared
   * @throws BadBase64Exception when the range is empty or not canonical
   */
  public static ByteBuffer decode(byte[] body, ImagePart.Base64 part) throws BadBase64Exception {
    if (part.start() >= part.end()) {
      throw new BadBase64Exception();
    }
    return part.escaped() ? undoEscapes(body, part) : decodePlain(body, part);
  }

  private static ByteBuffer decodePlain(byte[] body, ImagePart.Base64 part)
      throws BadBase64Exception {
    int chars = part.end() - part.start();
    if (chars % 4 != 0) {
      throw new BadBase64Exception();
    }
    try {
      return Base64.getDecoder().decode(ByteBuffer.wrap(body, part.start(), chars));
    } catch (IllegalArgumentException e) {
      throw new BadBase64Exception();
    }
  }

  private static ByteBuffer undoEscapes(byte[] body, ImagePart.Base64 part)
      throws BadBase64Exception {
    Units units = new Units(body, part);
    byte[] image = new byte[units.decodedLength()];
    int bits = 0;
    int held = 0;
    int at = 0;
    for (int value = units.next(); value >= 0; value = units.next()) {
      bits = bits << 6 | value;
      held += 6;
      if (held >= 8) {
        held -= 8;
        image[at++] = (byte) (bits >>> held);
      }
    }
    return ByteBuffer.wrap(image);
  }

  /** The six-bit values of a range, escapes undone and line ends left out. */
  private static final class Units {
    private final byte[] body;
    private final ImagePart.Base64 part;
    private int at;

    Units(byte[] body, ImagePart.Base64 part) {
      this.body = body;
      this.part = part;
      this.at = part.start();
    }

    /** Checks the whole range, then goes back to its start. */
    int decodedLength() throws BadBase64Exception {
      int values = 0;
      int pads = 0;
      int kind = next();
      for (; kind >= 0; kind = next()) {
        values++;
      }
      for (; kind == PAD; kind = next()) {
        pads++;
      }
      if (kind != SKIP || values == 0 || pads > 2 || (values + pads) % 4 != 0) {
        throw new BadBase64Exception();
      }
      at = part.start();
      return (int) (values * 6L / 8);
    }

    /** The next value, {@link #PAD}, {@link #BAD}, or {@link #SKIP} at the end. */
    int next() {
      while (at < part.end()) {
        int c = body[at] & 0xFF;
        if (c == '\\') {
          c = JsonText.unescape(body, at);
          at += JsonText.escapeLength(body, at);
        } else {
          at++;
        }
        byte value = c < VALUES.length ? VALUES[c] : BAD;
        if (value != SKIP) {
          return value;
        }
      }
      return SKIP;
    }
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, BAD);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    values['='] = PAD;
    values['\r'] = SKIP;
    values['\n'] = SKIP;
    return values;
  }
}
