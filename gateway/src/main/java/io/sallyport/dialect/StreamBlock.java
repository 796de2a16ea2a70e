package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a dialect ends a stream of events that has begun: with one more event.
 *
 * @param event its name; empty for none
 */
record StreamBlock(String event, Template json) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");
  private static final Set<Template.Field> KNOWN =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.ID,
          Template.Field.STAGE,
          Template.Field.CATEGORIES);

  static StreamBlock of(YamlValue value) {
    YamlMap map = value.asMap();
    Optional<YamlValue> event = map.get("event");
    event
        .filter(it -> !NAME.matcher(it.asString()).matches())
        .ifPresent(it -> it.problem("no name of an event"));
    Template json = map.require("json", new Template.Null(), it -> Template.of(it, KNOWN));
    map.rejectUnknown();
    return new StreamBlock(event.map(YamlValue::asString).orElse(""), json);
  }

  /** The event that refuses. */
  byte[] refusal(Map<Template.Field, Object> values) {
    return event(Answer.json(json, values));
  }

  /**
   * An event with this data.
   *
   * @param json without line ends
   */
  byte[] event(byte[] json) {
    String head = event.isEmpty() ? "data: " : "event: " + event + "\ndata: ";
    return (head + new String(json, UTF_8) + "\n\n").getBytes(UTF_8);
  }
}
