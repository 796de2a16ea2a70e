package io.sallyport.yaml;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One value of a file with the place where it stands.
 *
 * <p>Each {@code as…} read returns the value, or records a {@link Problem} and returns a harmless
 * stand-in so that reading can go on and find the next problem. A caller must not use what it read
 * until {@link Problems#throwIfAny()} has passed.
 */
public final class YamlValue {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB)?");
  private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

  /** Stands for a value whose problem is recorded already: every read of it is silent. */
  static final Object UNREADABLE = new Object();

  private final Place place;
  private final Object value;
  private final Problems problems;
  private boolean reported;

  /**
   * @param value a {@code String}, {@code Long}, {@code Double}, {@code Boolean}, list, map or
   *     {@link #UNREADABLE}
   */
  YamlValue(Place place, Object value, Problems problems) {
    this.place = place;
    this.value = value;
    this.problems = problems;
    this.reported = value == UNREADABLE;
  }

  boolean isReadable() {
    return value != UNREADABLE;
  }

  /** 1-based line where the value starts. */
  public int line() {
    return place.line();
  }

  /** The file as the operator would name it. */
  public String file() {
    return place.file();
  }

  /**
   * Records a problem at this value's place. Silent once the value was found to be of the wrong
   * kind: whatever is said of its stand-in would only confuse.
   */
  public void problem(String message) {
    if (!reported) {
      String path = place.path();
      problems.add(file(), line(), path.isEmpty() ? message : path + ": " + message);
    }
  }

  public boolean isMap() {
    return value instanceof Map;
  }

  public boolean isList() {
    return value instanceof List;
  }

  public boolean isString() {
    return value instanceof String;
  }

  /** The mapping; an empty one, and a problem, when the value is something else. */
  @SuppressWarnings("unchecked")
  public YamlMap asMap() {
    if (value instanceof Map<?, ?> map) {
      return new YamlMap(this, (Map<String, YamlValue>) map);
    }
    expected("a mapping");
    return new YamlMap(this, Map.of());
  }

  /** The items; none, and a problem, when the value is not a list. */
  @SuppressWarnings("unchecked")
  public List<YamlValue> asList() {
    if (value instanceof List<?> list) {
      return (List<YamlValue>) list;
    }
    expected("a list");
    return List.of();
  }

  /** The items of a list, or the value itself as the only item. */
  public List<YamlValue> asListOrOne() {
    return isList() ? asList() : List.of(this);
  }

  /** Text that is not blank. Numbers and booleans are refused: quote them. */
  public String asString() {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    expected(value instanceof String ? "text that is not blank" : "text (quote it)");
    return "?";
  }

  public boolean asBoolean() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    expected("true or false");
    return false;
  }

  /** A whole number within both bounds. */
  public long asLong(long least, long most) {
    if (value instanceof Long number && number >= least && number <= most) {
      return number;
    }
    expected("a whole number from " + least + " to " + most);
    return least;
  }

  /** {@link #asLong} for values that fit an int. */
  public int asInt(int least, int most) {
    return (int) asLong(least, most);
  }

  /** A finite number within both bounds. */
  public double asDouble(double least, double most) {
    double number =
        switch (value) {
          case Long whole -> whole;
          case Double decimal -> decimal;
          case Object other -> Double.NaN;
        };
    if (number >= least && number <= most) {
      return number;
    }
    expected("a number from " + least + " to " + most);
    return least;
  }

  /** Bytes: {@code 512}, {@code 64KiB}, {@code 20MiB}, {@code 1GiB}. */
  public long asBytes(long least, long most) {
    Matcher matcher = SIZE.matcher(String.valueOf(value));
    if (matcher.matches() && (value instanceof String || value instanceof Long)) {
      int shift =
          switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case String bytes -> 0;
          };
      long number = Long.parseLong(matcher.group(1));
      if (number <= Long.MAX_VALUE >> shift
          && number << shift >= least
          && number << shift <= most) {
        return number << shift;
      }
    }
    expected("a size such as 64KiB or 20MiB, from " + least + " to " + most + " bytes");
    return least;
  }

  /** A duration: {@code 250ms}, {@code 2s}, {@code 5m}, {@code 1h}, {@code 30d}. */
  public Duration asDuration(Duration least, Duration most) {
    Matcher matcher = TIME.matcher(String.valueOf(value));
    if (value instanceof String && matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case String days -> Duration.ofDays(number);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    expected("a duration such as 250ms, 2s or 5m, from " + text(least) + " to " + text(most));
    return least;
  }

  /** One of the enum's constants, written in lower case with {@code -} or {@code _} as it is. */
  public <E extends Enum<E>> E asEnum(Class<E> type) {
    E[] constants = type.getEnumConstants();
    for (E constant : constants) {
      if (value instanceof String text && text.equals(constant.name().toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    StringBuilder names = new StringBuilder();
    for (E constant : constants) {
      names.append(names.isEmpty() ? "" : ", ").append(constant.name().toLowerCase(Locale.ROOT));
    }
    expected("one of " + names);
    return constants[0];
  }

  /**
   * The value as plain Java: String, Long, Double, Boolean, List or Map of these, in file order.
   */
  public Object asPlain() {
    return switch (value) {
      case List<?> list -> list.stream().map(item -> ((YamlValue) item).asPlain()).toList();
      case Map<?, ?> map -> {
        var plain = new java.util.LinkedHashMap<String, Object>();
        map.forEach((key, item) -> plain.put((String) key, ((YamlValue) item).asPlain()));
        yield plain;
      }
      case Object scalar -> scalar;
    };
  }

  private void expected(String what) {
    problem("expected " + what + ", found " + describe());
    reported = true;
  }

  private String describe() {
    return switch (value) {
      case Map<?, ?> map -> "a mapping";
      case List<?> list -> "a list";
      case String text -> text.length() > 40 ? "long text" : "'" + text + "'";
      case Object scalar -> String.valueOf(scalar);
    };
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
