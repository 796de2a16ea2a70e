package io.sallyport.detect.onnx.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of the data literals that JavaScript minifiers write: JSON plus bare keys, {@code
 * !0} and {@code !1}, and numbers without a leading zero.
 *
 * <p>Refuses everything else: white space, escapes, other quotes, bytes outside printable ASCII,
 * duplicate keys, {@code null}, trailing commas, nesting beyond 32. No engine, no evaluation: a
 * program cannot hide in what this accepts.
 */
final class LiteralReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 32;

  private final byte[] source;
  private int at;

  /**
   * Starts in the middle of a script.
   *
   * @param source the script; not copied
   * @param start where the literal begins
   */
  LiteralReader(byte[] source, int start) {
    this.source = source;
    this.at = start;
  }

  /** Reads one literal. */
  Literal read() throws ModelSourceException {
    return value(0);
  }

  /** The place after what was read. */
  int position() {
    return at;
  }

  private Literal value(int depth) throws ModelSourceException {
    if (depth > MAX_DEPTH) {
      throw malformed("nested too deeply");
    }
    return switch (peek()) {
      case '{' -> members(depth);
      case '[' -> items(depth);
      case '"' -> new Literal.Text(string());
      case '!' -> truth();
      default -> number();
    };
  }

  private Literal members(int depth) throws ModelSourceException {
    at++;
    Map<String, Literal> members = new LinkedHashMap<>();
    if (!accept('}')) {
      do {
        String key = peek() == '"' ? string() : identifier();
        expect(':');
        if (members.put(key, value(depth + 1)) != null) {
          throw malformed("a key twice in one object");
        }
      } while (accept(','));
      expect('}');
    }
    return new Literal.Members(members);
  }

  private Literal items(int depth) throws ModelSourceException {
    at++;
    List<Literal> items = new ArrayList<>();
    if (!accept(']')) {
      do {
        items.add(value(depth + 1));
      } while (accept(','));
      expect(']');
    }
    return new Literal.Items(items);
  }

  private String string() throws ModelSourceException {
    expect('"');
    int start = at;
    while (peek() != '"') {
      if (peek() == '\\' || peek() < ' ' || peek() > '~') {
        throw malformed("an escape or a byte that is not printable ASCII in a string");
      }
      at++;
    }
    return ascii(start, at++);
  }

  private String identifier() throws ModelSourceException {
    int start = at;
    while (isLetter(peek()) || (at > start && isDigit(peek()))) {
      at++;
    }
    if (at == start) {
      throw malformed("no key");
    }
    return ascii(start, at);
  }

  private Literal truth() throws ModelSourceException {
    at++;
    if (accept('0')) {
      return new Literal.Truth(true);
    }
    expect('1');
    return new Literal.Truth(false);
  }

  private Literal number() throws ModelSourceException {
    int start = at;
    accept('-');
    int digits = digits();
    if (accept('.')) {
      digits += digits();
    }
    if (digits == 0) {
      throw malformed("no value");
    }
    if (accept('e')) {
      accept('-');
      if (digits() == 0) {
        throw malformed("an exponent without digits");
      }
    }
    double value =
        at - start <= MAX_NUMBER_LENGTH ? Double.parseDouble(ascii(start, at)) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw malformed("a number out of range");
    }
    return new Literal.Number(value);
  }

  private int digits() {
    int start = at;
    while (at < source.length && isDigit(source[at])) {
      at++;
    }
    return at - start;
  }

  private byte peek() throws ModelSourceException {
    if (at >= source.length) {
      throw malformed("the end");
    }
    return source[at];
  }

  private boolean accept(char wanted) {
    boolean there = at < source.length && source[at] == wanted;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char wanted) throws ModelSourceException {
    if (!accept(wanted)) {
      throw malformed("no '" + wanted + "'");
    }
  }

  private String ascii(int start, int end) {
    return new String(source, start, end - start, StandardCharsets.US_ASCII);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_' || b == '$';
  }

  private ModelSourceException malformed(String what) {
    return new ModelSourceException("malformed script: " + what + " at byte " + at);
  }
}
