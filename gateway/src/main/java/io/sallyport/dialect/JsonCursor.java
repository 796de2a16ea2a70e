package io.sallyport.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A forward reader of RFC 8259 JSON over bytes: one token at a time, nothing built, nothing copied.
 *
 * <p>Always refused: a byte-order mark, UTF-16, data after the value, NaN, control characters in
 * strings, unknown escapes, numbers of more than {@value #NUMBER_MAX} characters, containers deeper
 * than the cap. A strict reader also refuses ill-formed UTF-8 and lone surrogate escapes; a lenient
 * one leaves both to whoever reads the string.
 *
 * <p>Strings are crossed eight bytes at a time. A cursor belongs to one thread.
 */
final class JsonCursor {
  /** Open containers are remembered as the bits of one word. */
  static final int DEPTH_MAX = 64;

  static final int NUMBER_MAX = 128;

  /** What stands at the cursor. */
  enum Token {
    OBJECT,
    END_OBJECT,
    ARRAY,
    END_ARRAY,
    KEY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL,
    END
  }

  private enum Expect {
    VALUE,
    VALUE_OR_CLOSE,
    KEY_OR_CLOSE,
    COMMA_OR_CLOSE,
    END
  }

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final byte[] body;
  private final int length;
  private final boolean strict;
  private final int depthMax;

  private Expect expect = Expect.VALUE;
  private int at;
  private int depth;
  private long objects;
  private int start;
  private int end;
  private boolean escaped;

  JsonCursor(byte[] body, int length, boolean strict, int depthMax) {
    this.body = body;
    this.length = length;
    this.strict = strict;
    this.depthMax = depthMax;
  }

  /** Offset of the token's first byte; of a key or string, after its quote. */
  int start() {
    return start;
  }

  /** Offset after the token's last byte; of a key or string, of its closing quote. */
  int end() {
    return end;
  }

  /** True when the key or string holds escapes. */
  boolean escaped() {
    return escaped;
  }

  /**
   * Reads the next token; {@link Token#END} once, when the value is complete and nothing follows.
   *
   * @throws UnreadableException at the first defect
   */
  Token next() {
    int c = skipSpace();
    return switch (expect) {
      case VALUE -> value(c);
      case VALUE_OR_CLOSE -> c == ']' ? close(c) : value(c);
      case KEY_OR_CLOSE -> c == '}' ? close(c) : key(c);
      case COMMA_OR_CLOSE -> c == ',' ? afterComma() : close(c);
      case END -> end(c);
    };
  }

  private Token end(int c) {
    if (c != -1) {
      throw malformed();
    }
    return Token.END;
  }

  private Token afterComma() {
    at++;
    int c = skipSpace();
    return inObject() ? key(c) : value(c);
  }

  private Token value(int c) {
    return switch (c) {
      case '"' -> string();
      case '{' -> open(Token.OBJECT, Expect.KEY_OR_CLOSE);
      case '[' -> open(Token.ARRAY, Expect.VALUE_OR_CLOSE);
      case 't' -> word("true", Token.TRUE);
      case 'f' -> word("false", Token.FALSE);
      case 'n' -> word("null", Token.NULL);
      default -> number();
    };
  }

  private Token key(int c) {
    if (c != '"') {
      throw malformed();
    }
    at++;
    crossString();
    if (skipSpace() != ':') {
      throw malformed();
    }
    at++;
    expect = Expect.VALUE;
    return Token.KEY;
  }

  private Token string() {
    at++;
    crossString();
    valueDone();
    return Token.STRING;
  }

  private Token open(Token token, Expect then) {
    if (depth == depthMax) {
      throw new UnreadableException(Defect.TOO_DEEP);
    }
    start = at++;
    end = at;
    long bit = 1L << depth++;
    objects = token == Token.OBJECT ? objects | bit : objects & ~bit;
    expect = then;
    return token;
  }

  private Token close(int c) {
    if (c != (inObject() ? '}' : ']')) {
      throw malformed();
    }
    Token token = inObject() ? Token.END_OBJECT : Token.END_ARRAY;
    start = at++;
    end = at;
    depth--;
    valueDone();
    return token;
  }

  private boolean inObject() {
    return (objects >>> (depth - 1) & 1) != 0;
  }

  private void valueDone() {
    expect = depth == 0 ? Expect.END : Expect.COMMA_OR_CLOSE;
  }

  private Token word(String word, Token token) {
    start = at;
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw malformed();
      }
      at++;
    }
    end = at;
    valueDone();
    return token;
  }

  private Token number() {
    start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    end = at;
    if (end - start > NUMBER_MAX) {
      throw malformed();
    }
    valueDone();
    return Token.NUMBER;
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

  private int skipSpace() {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      at++;
      c = peek();
    }
    return c;
  }

  /** From after the opening quote to after the closing one. */
  private void crossString() {
    start = at;
    escaped = false;
    for (; ; ) {
      at = nextSpecial(at);
      int c = peek();
      if (c == '"') {
        end = at++;
        return;
      } else if (c == '\\') {
        escaped = true;
        crossEscape();
      } else if (c >= 0x80) {
        at = Utf8.next(body, at, length);
      } else {
        throw malformed();
      }
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
      long marks =
          ((quote - ONES) & ~quote | (slash - ONES) & ~slash | (word - ONES * ' ') & ~word) & HIGHS;
      marks |= word & nonAscii;
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

  private void crossEscape() {
    at++;
    switch (peek()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
      case 'u' -> crossUnicode();
      default -> throw malformed();
    }
  }

  private void crossUnicode() {
    char unit = hex4();
    if (!strict || !Character.isSurrogate(unit)) {
      return;
    }
    if (Character.isHighSurrogate(unit) && peek() == '\\') {
      at++;
      if (peek() == 'u' && Character.isLowSurrogate(hex4())) {
        return;
      }
    }
    throw malformed();
  }

  private char hex4() {
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
