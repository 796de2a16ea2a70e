package io.sallyport.audit;

import java.util.Arrays;

/**
 * A growing buffer of JSON in its one canonical spelling.
 *
 * <p>UTF-8, no white space, members in the order they are written. Strings escape {@code "} and
 * {@code \} and the control characters below U+0020 only, as RFC 8785 section 3.2.2.2 does. Doubles
 * are spelled by {@link Double#toString(double)}, the shortest decimal that reads back as the same
 * double. Written by hand because these bytes are hashed: a library update must not respell them.
 *
 * <p>Not thread-safe.
 */
final class CanonicalJson {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private final int limit;
  private byte[] buffer = new byte[2048];
  private int size;
  private boolean comma;

  /**
   * @param limit bytes that it may hold
   */
  CanonicalJson(int limit) {
    this.limit = limit;
  }

  CanonicalJson open(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  CanonicalJson close(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  CanonicalJson key(String name) {
    string(name);
    put(':');
    comma = false;
    return this;
  }

  /**
   * @throws IllegalArgumentException when the text holds half of a surrogate pair
   */
  CanonicalJson string(String text) {
    separate();
    put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i += wide(text, i);
      } else if (c < 0x20 || c == '"' || c == '\\') {
        escape(c);
      } else {
        put(c);
      }
    }
    put('"');
    return this;
  }

  CanonicalJson number(long value) {
    return plain(Long.toString(value));
  }

  CanonicalJson number(double value) {
    return plain(Double.toString(value));
  }

  CanonicalJson bool(boolean value) {
    return plain(Boolean.toString(value));
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  private CanonicalJson plain(String ascii) {
    separate();
    for (int i = 0; i < ascii.length(); i++) {
      put(ascii.charAt(i));
    }
    return this;
  }

  private void separate() {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  private void escape(char c) {
    put('\\');
    switch (c) {
      case '"', '\\' -> put(c);
      case '\b' -> put('b');
      case '\t' -> put('t');
      case '\n' -> put('n');
      case '\f' -> put('f');
      case '\r' -> put('r');
      default -> {
        put('u');
        put('0');
        put('0');
        put(HEX[c >> 4]);
        put(HEX[c & 0xf]);
      }
    }
  }

  /** Writes the code point at {@code i} and answers how many chars beyond the first it took. */
  private int wide(String text, int i) {
    int point = text.codePointAt(i);
    if (point < 0x800) {
      put(0xc0 | (point >> 6));
    } else if (point < 0x10000) {
      if (Character.isSurrogate((char) point)) {
        throw new IllegalArgumentException("text is not well-formed Unicode");
      }
      put(0xe0 | (point >> 12));
      put(0x80 | ((point >> 6) & 0x3f));
    } else {
      put(0xf0 | (point >> 18));
      put(0x80 | ((point >> 12) & 0x3f));
      put(0x80 | ((point >> 6) & 0x3f));
    }
    put(0x80 | (point & 0x3f));
    return Character.charCount(point) - 1;
  }

  private void put(int octet) {
    if (size == buffer.length) {
      grow();
    }
    buffer[size++] = (byte) octet;
  }

  private void grow() {
    if (size >= limit) {
      throw new IllegalArgumentException("longer than " + limit + " bytes");
    }
    buffer = Arrays.copyOf(buffer, Math.min(limit, 2 * size));
  }
}
