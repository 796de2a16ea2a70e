package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the key of a file stands: {@code {reply:/id}}, or {@code
 * {query:type|output}/{query:folder|} /{query:filename}} in one piece; what follows {@code |}
 * stands for a part that is not there.
 */
record KeyTemplate(List<Place> places) {
  private static final Pattern PLACE =
      Pattern.compile("\\{(reply|query|form|file):([A-Za-z0-9_/.-]{1,60})(\\|[a-z]{0,20})?\\}");

  /** Where a part stands. */
  enum Source {
    /** A member of the reply: {@code /name}. */
    REPLY("/[A-Za-z0-9_-]+"),
    /** A key of the query. */
    QUERY("[A-Za-z0-9_.-]+"),
    /** A field of the form, or {@code FIELD/MEMBER} of the JSON that it holds. */
    FORM("[A-Za-z0-9_.-]+(/[A-Za-z0-9_-]+)?"),
    /** The name of a file in the form. */
    FILE("[A-Za-z0-9_.-]+");

    private final Pattern fits;

    Source(String fits) {
      this.fits = Pattern.compile(fits);
    }
  }

  /**
   * One part of a key.
   *
   * @param byDefault stands for it when it is absent; empty when it must be there
   */
  record Place(Source source, String name, Optional<String> byDefault) {}

  KeyTemplate {
    places = List.copyOf(places);
  }

  /**
   * Reads one.
   *
   * @param from where its parts may stand
   */
  static KeyTemplate parse(String text, Naming naming, Set<Source> from, Consumer<String> problem) {
    List<Place> places = new ArrayList<>();
    Matcher matcher = PLACE.matcher(text);
    int at = 0;
    while (at < text.length() && matcher.find(at) && matcher.start() == at) {
      Source source = Source.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
      if (!from.contains(source) || !source.fits.matcher(matcher.group(2)).matches()) {
        problem.accept("not a place for a part of a key here: '" + matcher.group() + "'");
      }
      Optional<String> byDefault = Optional.ofNullable(matcher.group(3)).map(it -> it.substring(1));
      places.add(new Place(source, matcher.group(2), byDefault));
      at =
          matcher.end() < text.length() && text.charAt(matcher.end()) == '/'
              ? matcher.end() + 1
              : matcher.end() == text.length() ? text.length() : text.length() + 1;
    }
    int parts = naming.folders() ? 3 : 1;
    if (at != text.length() || places.size() != parts) {
      problem.accept(
          naming.folders()
              ? "expected {root}/{folder}/{name}, each such as {query:type|output}"
              : "expected one place such as {reply:/id}");
      return new KeyTemplate(List.of());
    }
    return new KeyTemplate(places);
  }

  /** The names of the parts that stand in one source. */
  Set<String> names(Source source) {
    return places.stream()
        .filter(place -> place.source() == source)
        .map(Place::name)
        .collect(Collectors.toSet());
  }

  /** The key; empty when a part is missing or not of the one spelling. */
  Optional<String> key(Naming naming, Function<Place, Optional<String>> values) {
    List<String> parts = new ArrayList<>();
    for (Place place : places) {
      Optional<String> part = values.apply(place).or(place::byDefault);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return parts.isEmpty() ? Optional.empty() : naming.key(parts);
  }
}
