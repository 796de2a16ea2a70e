package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;

/** The inside of a JSON string that a {@link JsonCursor} has crossed, undone into text. */
final class JsonText {
  private JsonText() {}

  /** The text of a range; ill-formed UTF-8, which only a lenient reader lets by, becomes U+FFFD. */
  static String decode(byte[] body, int start, int end, boolean escaped) {
    if (!escaped) {
      return new String(body, start, end - start, StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder(end - start);
    int from = start;
    for (int i = start; i < end; ) {
      if (body[i] != '\\') {
        i++;
        continue;
      }
      text.append(new String(body, from, i - from, StandardCharsets.UTF_8));
      text.append(unescape(body, i));
      i += escapeLength(body, i);
      from = i;
    }
    return text.append(new String(body, from, end - from, StandardCharsets.UTF_8)).toString();
  }

  /** At most {@code most} raw bytes from the start of a range, never ending inside an escape. */
  static String decodeStart(byte[] body, int start, int end, int most, boolean escaped) {
    int stop = start;
    while (stop < end && stop - start < most) {
      stop += escaped && body[stop] == '\\' ? escapeLength(body, stop) : 1;
    }
    return decode(body, start, stop, escaped);
  }

  /** The bytes of the escape whose backslash stands at {@code i}. */
  static int escapeLength(byte[] body, int i) {
    return body[i + 1] == 'u' ? 6 : 2;
  }

  /** The UTF-16 unit that the escape at {@code i} stands for. */
  static char unescape(byte[] body, int i) {
    char kind = (char) body[i + 1];
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int unit = 0;
        for (int k = i + 2; k < i + 6; k++) {
          unit = unit << 4 | Character.digit(body[k], 16);
        }
        yield (char) unit;
      }
      default -> kind;
    };
  }
}
