package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Spells out alternatives: {@code a{b,c}d} is {@code abd} and {@code acd}. They do not nest. */
final class Braces {
  private Braces() {}

  /**
   * Every spelling in order; none, and a problem, when braces do not pair or there are too many.
   */
  static List<String> expand(String text, int most, Consumer<String> problem) {
    List<String> spelled = List.of("");
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      int close = text.indexOf('}', at);
      boolean paired = open < 0 ? close < 0 : close > open && inner(text, open, close) < 0;
      if (!paired) {
        problem.accept("braces do not pair in '" + text + "'");
        return List.of();
      }
      if (open < 0) {
        return append(spelled, List.of(text.substring(at)));
      }
      spelled = append(spelled, List.of(text.substring(at, open)));
      spelled = append(spelled, List.of(text.substring(open + 1, close).split(",", -1)));
      if (spelled.size() > most) {
        problem.accept("more than " + most + " alternatives");
        return List.of();
      }
      at = close + 1;
    }
    return spelled;
  }

  private static int inner(String text, int open, int close) {
    int next = text.indexOf('{', open + 1);
    return next < close ? next : -1;
  }

  private static List<String> append(List<String> heads, List<String> tails) {
    List<String> all = new ArrayList<>(heads.size() * tails.size());
    for (String head : heads) {
      for (String tail : tails) {
        all.add(head + tail);
      }
    }
    return all;
  }
}
