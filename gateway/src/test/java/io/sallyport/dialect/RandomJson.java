package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random JSON documents for properties, spelled with every freedom that JSON gives. */
final class RandomJson {
  private static final List<String> NAMES =
      List.of("data", "b64_json", "prompt", "a", "b", "c", "ключ", "a b", "url", "");
  private static final List<String> SCALARS =
      List.of("0", "-1", "12.5", "1e9", "-0.0E-3", "true", "false", "null");

  private final SplittableRandom random;
  private final boolean uniqueNames;

  RandomJson(SplittableRandom random, boolean uniqueNames) {
    this.random = random;
    this.uniqueNames = uniqueNames;
  }

  byte[] document() {
    StringBuilder out = new StringBuilder();
    value(out, 0);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A document with a few bytes replaced, inserted or removed. */
  byte[] mutated() {
    byte[] bytes = document();
    List<Byte> mutated = new ArrayList<>();
    for (byte b : bytes) {
      mutated.add(b);
    }
    for (int i = random.nextInt(3); i >= 0 && !mutated.isEmpty(); i--) {
      int at = random.nextInt(mutated.size());
      switch (random.nextInt(3)) {
        case 0 -> mutated.set(at, odd());
        case 1 -> mutated.add(at, odd());
        default -> mutated.remove(at);
      }
    }
    byte[] result = new byte[mutated.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = mutated.get(i);
    }
    return result;
  }

  private byte odd() {
    String likely = "\"\\{}[]:,0123456789truefalsn-+.eEuD8 \t\n";
    return random.nextInt(4) == 0
        ? (byte) random.nextInt(256)
        : (byte) likely.charAt(random.nextInt(likely.length()));
  }

  private void value(StringBuilder out, int depth) {
    space(out);
    int kind =
        depth < 2 && random.nextInt(8) > 0
            ? 4 + random.nextInt(4)
            : random.nextInt(depth > 5 ? 4 : 8);
    if (kind < 2) {
      out.append(SCALARS.get(random.nextInt(SCALARS.size())));
    } else if (kind < 4) {
      string(out, text());
    } else if (kind < 6) {
      object(out, depth);
    } else {
      array(out, depth);
    }
    space(out);
  }

  private void object(StringBuilder out, int depth) {
    out.append('{');
    List<String> names = new ArrayList<>(NAMES);
    for (int i = random.nextInt(4); i > 0; i--) {
      int pick = random.nextInt(names.size());
      space(out);
      string(out, uniqueNames ? names.remove(pick) : names.get(pick));
      space(out);
      out.append(':');
      value(out, depth + 1);
      out.append(i > 1 ? "," : "");
    }
    space(out);
    out.append('}');
  }

  private void array(StringBuilder out, int depth) {
    out.append('[');
    for (int i = random.nextInt(4); i > 0; i--) {
      value(out, depth + 1);
      out.append(i > 1 ? "," : "");
    }
    space(out);
    out.append(']');
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      int c =
          switch (random.nextInt(12)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/\b\f\n\r\t".charAt(random.nextInt(8));
            case 2 -> 0x80 + random.nextInt(0x700);
            case 3 -> 0x4E00 + random.nextInt(0x100);
            case 4 -> 0x1F600 + random.nextInt(0x40);
            default -> 'a' + random.nextInt(26);
          };
      text.appendCodePoint(c);
    }
    return text.toString();
  }

  private void string(StringBuilder out, String text) {
    out.append('"');
    for (char c : text.toCharArray()) {
      boolean must = c < ' ' || c == '"' || c == '\\';
      if (Character.isSurrogate(c) || !(must || random.nextInt(20) == 0)) {
        out.append(c);
      } else {
        out.append(escape(c));
      }
    }
    out.append('"');
  }

  private String escape(char c) {
    int quick = "\"\\/\b\f\n\r\t".indexOf(c);
    return quick >= 0 && random.nextBoolean()
        ? "\\" + "\"\\/bfnrt".charAt(quick)
        : String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c);
  }

  private void space(StringBuilder out) {
    if (random.nextInt(5) == 0) {
      out.append(" \t\r\n".charAt(random.nextInt(4)));
    }
  }
}
