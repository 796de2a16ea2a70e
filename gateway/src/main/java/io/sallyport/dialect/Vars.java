package io.sallyport.dialect;

import io.sallyport.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names that stand for a piece of a selector, for what differs between deployments of one API:
 * {@code $image_tensors} in {@code /outputs/*[name=$image_tensors]/data}.
 */
record Vars(Map<String, String> values) {
  private static final Pattern PLACE = Pattern.compile("\\$([a-z][a-z0-9_]*)");

  Vars {
    values = Map.copyOf(values);
  }

  static Vars of(Map<String, YamlValue> given) {
    Map<String, String> values = new LinkedHashMap<>();
    given.forEach((name, value) -> values.put(name, value.asString()));
    return new Vars(values);
  }

  /** The text with every name filled in; a name that nobody gave is a problem. */
  String fill(YamlValue value) {
    return PLACE
        .matcher(value.asString())
        .replaceAll(
            place -> {
              String given = values.get(place.group(1));
              if (given == null) {
                value.problem("no var is named '" + place.group(1) + "'");
              }
              return java.util.regex.Matcher.quoteReplacement(given == null ? "x" : given);
            });
  }
}
