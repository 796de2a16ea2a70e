package io.sallyport.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The words of JSON: crosses blanks, strings, numbers and literals. Belongs to one thread. */
final class JsonLexer {
  static final int NUMBER_MAX = 128;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final byte[] body;
  private final int length;
  private final boolean strict;
  private int at;
  private int start;
  private int end;
  private boolean escaped;

  JsonLexer(byte[] body, int from, int length, boolean strict) {
    this.body = body;
    this.at = from;
    this.length = length;
    this.strict = strict;
  }

  /** Offset of the last word's first byte; of a string, after its quote. */
  int start() {
    return start;
  }

  /** Offset after the last word's last byte; of a string, of its closing quote. */
  int end() {
    return end;
  }

  /** True when the last string holds escapes. */
  boolean escaped() {
    return escaped;
  }

  /** Goes over blanks; what stands then, or -1 at the end. */
  int skipSpace() {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      at++;
      c = peek();
    }
    return c;
  }

  /** Goes over one byte. */
  void skip() {
    at++;
  }

  /** Goes over one byte as a word. */
  void mark() {
    start = at++;
    end = at;
  }

  /** Goes over a string, from its opening quote on. */
  void string() {
    start = ++at;
    escaped = false;
    for (; ; ) {
      at = nextSpecial(at);
      int c = peek();
      if (c == '"') {
        end = at++;
        return;
      } else if (c == '\\') {
        escaped = true;
        escape();
      } else if (c >= 0x80) {
        at = Utf8.next(body, at, length);
      } else {
        throw malformed();
      }
    }
  }

  void literal(String word) {
    start = at;
    for (int i = 0; i < word.length(); i++) {
      require(word.charAt(i));
    }
    end = at;
  }

  void number() {
    start = at;
    skipIf('-');
    if (!skipIf('0')) {
      digits();
    }
    if (skipIf('.')) {
      digits();
    }
    if (skipIf('e') || skipIf('E')) {
      if (!skipIf('+')) {
        skipIf('-');
      }
      digits();
    }
    end = at;
    if (end - start > NUMBER_MAX) {
      throw malformed();
    }
  }

  private void digits() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == from) {
      throw malformed();
    }
  }

  private int peek() {
    return at < length ? body[at] & 0xFF : -1;
  }

  private boolean skipIf(char c) {
    boolean there = peek() == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void require(char c) {
    if (!skipIf(c)) {
      throw malformed();
    }
  }

  /**
   * The first quote, backslash or control character from {@code i} on (and, when strict, byte above
   * 0x7F), eight bytes a step. In each term a borrow can only mark bytes above one that is truly
   * marked, so the lowest mark is exact (Mycroft's test for a zero byte).
   */
  private int nextSpecial(int i) {
    long nonAscii = strict ? HIGHS : 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long word = (long) WORDS.get(body, i);
      long quote = word ^ ONES * '"';
      long slash = word ^ ONES * '\\';
      long quotes = (quote - ONES) & ~quote;
      long slashes = (slash - ONES) & ~slash;
      long controls = (word - ONES * ' ') & ~word;
      long marks = ((quotes | slashes | controls) & HIGHS) | (word & nonAscii);
      if (marks != 0) {
        return i + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    while (i < length && !special(body[i])) {
      i++;
    }
    return i;
  }

  private boolean special(byte b) {
    return b == '"' || b == '\\' || (b < ' ' && (b >= 0 || strict));
  }

  private void escape() {
    at++;
    switch (peek()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
      case 'u' -> unicodeEscape();
      default -> throw malformed();
    }
  }

  private void unicodeEscape() {
    char unit = unit();
    if (!strict || !Character.isSurrogate(unit)) {
      return;
    }
    if (Character.isLowSurrogate(unit)) {
      throw malformed();
    }
    require('\\');
    if (peek() != 'u' || !Character.isLowSurrogate(unit())) {
      throw malformed();
    }
  }

  /** The UTF-16 unit of the escape whose {@code u} stands here. */
  private char unit() {
    at++;
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw malformed();
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  private static UnreadableException malformed() {
    return new UnreadableException(Defect.MALFORMED_JSON);
  }
}
