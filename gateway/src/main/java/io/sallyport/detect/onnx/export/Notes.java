package io.sallyport.detect.onnx.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an import took from the export, and what it assumed, line by line. For one thread. */
final class Notes {
  private final List<String> lines = new ArrayList<>();

  /** Something that the export says. */
  void took(String what, String value, String from) {
    lines.add(String.format(Locale.ROOT, "  %-11s %s (%s)", what, value, from));
  }

  /** Something that it does not say. */
  void assumed(String what, String value, String why) {
    lines.add(String.format(Locale.ROOT, "  %-11s %s (assumed: %s)", what, value, why));
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
