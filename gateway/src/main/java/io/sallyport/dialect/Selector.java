package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A path to places in a JSON body: a JSON Pointer with wildcards. Of a form, see {@link
 * FormSelector}.
 *
 * <p>{@code /data/*}{@code /b64_json}: {@code *} is any member or array element, {@code **} any
 * number of levels, none included, and {@code {a,b/c}} stands for either spelling. {@code ~0} and
 * {@code ~1} are {@code ~} and {@code /}, as in RFC 6901. A name selects members only, never array
 * elements, not even when it is a number.
 *
 * @param steps at least one
 */
record Selector(List<Step> steps) {
  private static final int ALTERNATIVES_MAX = 256;
  private static final int STEPS_MAX = 32;

  /** One level down. */
  sealed interface Step {
    /** The member of this name. */
    record Name(String name) implements Step {}

    /** Any member or element. */
    record Any() implements Step {}

    /** Any number of levels, none included. */
    record Deep() implements Step {}
  }

  Selector {
    steps = List.copyOf(steps);
  }

  /** Every plain selector that a written one stands for; none, and problems, when it is wrong. */
  static List<Selector> parse(String text, Consumer<String> problem) {
    List<Selector> selectors = new ArrayList<>();
    for (String spelled : Braces.expand(text, ALTERNATIVES_MAX, problem)) {
      List<Step> steps = steps(spelled, problem);
      if (steps.isEmpty()) {
        return List.of();
      }
      selectors.add(new Selector(steps));
    }
    return selectors;
  }

  private static List<Step> steps(String spelled, Consumer<String> problem) {
    if (FormSelector.is(spelled)) {
      return FormSelector.steps(spelled, pointer -> steps(pointer, problem), problem);
    }
    if (!spelled.startsWith("/")) {
      problem.accept("a selector starts with '/', found '" + spelled + "'");
      return List.of();
    }
    String[] tokens = spelled.substring(1).split("/", -1);
    if (tokens.length > STEPS_MAX) {
      problem.accept("a selector has at most " + STEPS_MAX + " steps");
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    for (String token : tokens) {
      String wrong = wrong(token);
      if (!wrong.isEmpty()) {
        problem.accept(wrong + " in selector '" + spelled + "'");
        return List.of();
      }
      steps.add(step(token));
    }
    return steps;
  }

  private static Step step(String token) {
    return switch (token) {
      case "*" -> new Step.Any();
      case "**" -> new Step.Deep();
      case String name -> new Step.Name(name.replace("~1", "/").replace("~0", "~"));
    };
  }

  private static String wrong(String token) {
    if (token.isEmpty()) {
      return "an empty step";
    }
    if (token.contains("[") || token.contains("]")) {
      return "predicates are not understood: '" + token + "'";
    }
    if (token.contains("*") && !token.equals("*") && !token.equals("**")) {
      return "a wildcard stands alone: '" + token + "'";
    }
    return token.replace("~0", "").replace("~1", "").contains("~")
        ? "'~' is written ~0, and '/' ~1: '" + token + "'"
        : "";
  }
}
