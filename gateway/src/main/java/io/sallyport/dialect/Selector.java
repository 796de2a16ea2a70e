package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path to places in a JSON body: a JSON Pointer with wildcards. Of a form, see {@link
 * FormSelector}.
 *
 * <p>{@code /data/*}{@code /b64_json}: {@code *} is any member or array element, {@code **} any
 * number of levels, none included, and {@code {a,b/c}} stands for either spelling. {@code ~0} and
 * {@code ~1} are {@code ~} and {@code /}, as in RFC 6901. A name selects members only, never array
 * elements, not even when it is a number.
 *
 * <p>{@code [k=v]} after a step narrows it to objects whose member {@code k} is the text {@code v}
 * (or the number, {@code true}, {@code false}, {@code null} spelled so), wherever in the object the
 * member stands; {@code [k<0]} to those whose member {@code k} is a negative number.
 *
 * @param steps at least one
 */
record Selector(List<Step> steps) {
  private static final int ALTERNATIVES_MAX = 256;
  private static final int STEPS_MAX = 32;

  /** Each level of predicates may mean that an object is looked through once more. */
  private static final int PREDICATES_MAX = 4;

  /** Objects within objects, each looked through for its member, would cost more than a pass. */
  private static final String AFTER_DEEP = "a predicate at or after '**'";

  private static final Pattern PREDICATES = Pattern.compile("(\\[[^\\[\\]]*\\])+$");
  private static final Pattern PREDICATE =
      Pattern.compile("\\[([A-Za-z0-9_.-]+)(=[^\\[\\]/]+|<0)\\]");

  /** One level down, or a condition on where that leads. */
  sealed interface Step {
    /** The member of this name. */
    record Name(String name) implements Step {}

    /** Any member or element. */
    record Any() implements Step {}

    /** Any number of levels, none included. */
    record Deep() implements Step {}

    /**
     * No level: an object with this member.
     *
     * @param value its text, or {@link Guard#NEGATIVE}
     */
    record Where(String key, String value) implements Step {}
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
    List<Step> steps = new ArrayList<>();
    boolean deep = false;
    for (String token : tokens) {
      Matcher predicates = PREDICATES.matcher(token);
      String name = predicates.find() ? token.substring(0, predicates.start()) : token;
      String conditions = token.substring(name.length());
      String wrong =
          (deep || name.equals("**")) && !conditions.isEmpty()
              ? AFTER_DEEP
              : wrong(name, conditions);
      deep = deep || name.equals("**");
      if (!wrong.isEmpty()) {
        problem.accept(wrong + " in selector '" + spelled + "'");
        return List.of();
      }
      steps.add(step(name));
      PREDICATE.matcher(conditions).results().forEach(it -> steps.add(where(it)));
    }
    long predicates = steps.stream().filter(Step.Where.class::isInstance).count();
    if (tokens.length > STEPS_MAX || predicates > PREDICATES_MAX) {
      problem.accept(
          "a selector has at most " + STEPS_MAX + " steps and " + PREDICATES_MAX + " predicates");
      return List.of();
    }
    return steps;
  }

  private static Step where(java.util.regex.MatchResult predicate) {
    String value = predicate.group(2);
    return new Step.Where(
        predicate.group(1), value.startsWith("=") ? value.substring(1) : Guard.NEGATIVE);
  }

  private static Step step(String token) {
    return switch (token) {
      case "*" -> new Step.Any();
      case "**" -> new Step.Deep();
      case String name -> new Step.Name(name.replace("~1", "/").replace("~0", "~"));
    };
  }

  private static String wrong(String token, String conditions) {
    if (token.isEmpty()) {
      return "an empty step";
    }
    if (token.contains("[")
        || token.contains("]")
        || !PREDICATE.matcher(conditions).replaceAll("").isEmpty()) {
      return "a predicate is [key=value] or [key<0]: '" + token + conditions + "'";
    }
    if (token.contains("*") && !token.equals("*") && !token.equals("**")) {
      return "a wildcard stands alone: '" + token + "'";
    }
    return token.replace("~0", "").replace("~1", "").contains("~")
        ? "'~' is written ~0, and '/' ~1: '" + token + "'"
        : "";
  }
}
