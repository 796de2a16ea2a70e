package io.sallyport.detect.onnx.export;

import java.util.List;
import java.util.stream.Collectors;

/** Text as YAML in double quotes. */
final class Quoted {
  private Quoted() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.chars().forEach(c -> append((char) c, out));
    return out.append('"').toString();
  }

  static String list(List<String> texts) {
    return texts.stream().map(Quoted::of).collect(Collectors.joining(", ", "[", "]"));
  }

  private static void append(char c, StringBuilder out) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else if (c < 0x20 || c == 0x7F || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
      out.append("\\u").append(String.format("%04x", (int) c));
    } else {
      out.append(c);
    }
  }
}
