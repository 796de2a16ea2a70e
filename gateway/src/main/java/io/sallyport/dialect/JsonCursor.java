package io.sallyport.dialect;

/**
 * A forward reader of RFC 8259 JSON over bytes: one token at a time, nothing built, nothing copied.
 *
 * <p>Always refused: a byte-order mark, UTF-16, data after the value, NaN, control characters in
 * strings, unknown escapes, numbers of more than {@value JsonLexer#NUMBER_MAX} characters,
 * containers deeper than the cap. A strict reader also refuses ill-formed UTF-8 and lone surrogate
 * escapes; a lenient one leaves both to whoever reads the string.
 *
 * <p>Strings are crossed eight bytes at a time. A cursor belongs to one thread.
 */
final class JsonCursor {
  /** Open containers are remembered as the bits of one word. */
  static final int DEPTH_MAX = 64;

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

  private final JsonLexer lexer;
  private final int depthMax;

  private Expect expect = Expect.VALUE;
  private int depth;
  private long objects;

  JsonCursor(byte[] body, int length, boolean strict, int depthMax) {
    this(body, 0, length, strict, depthMax);
  }

  /** A reader of the value that begins at {@code from}. */
  JsonCursor(byte[] body, int from, int length, boolean strict, int depthMax) {
    this.lexer = new JsonLexer(body, from, length, strict);
    this.depthMax = depthMax;
  }

  /** Offset of the token's first byte; of a key or string, after its quote. */
  int start() {
    return lexer.start();
  }

  /** Offset after the token's last byte; of a key or string, of its closing quote. */
  int end() {
    return lexer.end();
  }

  /** True when the key or string holds escapes. */
  boolean escaped() {
    return lexer.escaped();
  }

  /**
   * Reads the next token; {@link Token#END} once, when the value is complete and nothing follows.
   *
   * @throws UnreadableException at the first defect
   */
  Token next() {
    int c = lexer.skipSpace();
    return switch (expect) {
      case VALUE -> value(c);
      case VALUE_OR_CLOSE -> c == ']' ? close(c) : value(c);
      case KEY_OR_CLOSE -> c == '}' ? close(c) : key(c);
      case COMMA_OR_CLOSE -> c == ',' ? afterComma() : close(c);
      case END -> end(c);
    };
  }

  private Token value(int c) {
    return switch (c) {
      case '{' -> open(Token.OBJECT, Expect.KEY_OR_CLOSE);
      case '[' -> open(Token.ARRAY, Expect.VALUE_OR_CLOSE);
      default -> scalar(c);
    };
  }

  private Token scalar(int c) {
    Token token =
        switch (c) {
          case '"' -> {
            lexer.string();
            yield Token.STRING;
          }
          case 't' -> {
            lexer.literal("true");
            yield Token.TRUE;
          }
          case 'f' -> {
            lexer.literal("false");
            yield Token.FALSE;
          }
          case 'n' -> {
            lexer.literal("null");
            yield Token.NULL;
          }
          default -> {
            lexer.number();
            yield Token.NUMBER;
          }
        };
    valueDone();
    return token;
  }

  private Token key(int c) {
    require(c == '"');
    lexer.string();
    require(lexer.skipSpace() == ':');
    lexer.skip();
    expect = Expect.VALUE;
    return Token.KEY;
  }

  private Token afterComma() {
    lexer.skip();
    int c = lexer.skipSpace();
    return inObject() ? key(c) : value(c);
  }

  private Token open(Token token, Expect then) {
    if (depth == depthMax) {
      throw new UnreadableException(Defect.TOO_DEEP);
    }
    lexer.mark();
    long bit = 1L << depth++;
    objects = token == Token.OBJECT ? objects | bit : objects & ~bit;
    expect = then;
    return token;
  }

  private Token close(int c) {
    boolean object = inObject();
    require(c == (object ? '}' : ']'));
    lexer.mark();
    depth--;
    valueDone();
    return object ? Token.END_OBJECT : Token.END_ARRAY;
  }

  private static Token end(int c) {
    require(c == -1);
    return Token.END;
  }

  private boolean inObject() {
    return (objects >>> (depth - 1) & 1) != 0;
  }

  private void valueDone() {
    expect = depth == 0 ? Expect.END : Expect.COMMA_OR_CLOSE;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new UnreadableException(Defect.MALFORMED_JSON);
    }
  }
}
