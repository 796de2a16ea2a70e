package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a dialect says about the nodes of graphs. Patterns are held against whole names.
 *
 * @param denied classes that are refused
 * @param except of those, classes that are let by
 * @param allowed when there are any: no class but these
 * @param encoders classes whose texts are prompts whatever they look like, and end there
 * @param silent other classes that hand no text on: they make numbers, pictures, conditioning
 * @param plain values that are neither text nor image
 * @param files inputs that name a file of the server
 * @param pairs classes that hand on a positive and a negative each
 */
record GraphRules(
    List<Pattern> denied,
    List<Pattern> except,
    List<Pattern> allowed,
    List<Pattern> encoders,
    List<Pattern> silent,
    List<Plain> plain,
    List<FileInput> files,
    List<Pair> pairs) {
  static final GraphRules NONE =
      new GraphRules(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * A value that is neither text nor image.
   *
   * @param input of inputs of this name
   * @param fits while it fits
   */
  record Plain(Pattern input, Pattern fits) {}

  /** An input that names a file of the server. */
  record FileInput(Pattern type, Pattern input) {}

  /** A class that hands on what it is given at {@code negative} by one slot alone. */
  record Pair(Pattern type, int negative) {}

  GraphRules {
    denied = List.copyOf(denied);
    except = List.copyOf(except);
    allowed = List.copyOf(allowed);
    encoders = List.copyOf(encoders);
    silent = List.copyOf(silent);
    plain = List.copyOf(plain);
    files = List.copyOf(files);
    pairs = List.copyOf(pairs);
  }

  /** Whether graphs may have nodes of a class. */
  boolean admits(String type) {
    boolean refused = matches(denied, type) && !matches(except, type);
    return !refused && (allowed.isEmpty() || matches(allowed, type));
  }

  /** Whether the texts of a class are prompts, whatever they look like. */
  boolean encodes(String type) {
    return matches(encoders, type);
  }

  /** Whether no text comes out of nodes of a class. */
  boolean endsTexts(String type) {
    return matches(encoders, type) || matches(silent, type);
  }

  boolean isPlain(String input, String value) {
    return value.length() <= TextRules.PLAIN_CHARS_MAX
        && plain.stream()
            .filter(rule -> rule.input().matcher(input).matches())
            .anyMatch(rule -> rule.fits().matcher(value).matches());
  }

  boolean namesFile(String type, String input) {
    return files.stream()
        .anyMatch(
            rule -> rule.type().matcher(type).matches() && rule.input().matcher(input).matches());
  }

  /** The slot by which alone a class hands on what comes in at {@code negative}. */
  Optional<Integer> negativeSlot(String type) {
    return pairs.stream()
        .filter(pair -> pair.type().matcher(type).matches())
        .map(Pair::negative)
        .findFirst();
  }

  private static boolean matches(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
