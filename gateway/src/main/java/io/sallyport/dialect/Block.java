package io.sallyport.dialect;

import io.sallyport.yaml.YamlValue;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a dialect refuses at one gate.
 *
 * @param status one that clients do not repeat by themselves
 */
record Block(int status, Answer answer) {
  private static final Set<Template.Field> KNOWN =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.ID,
          Template.Field.STAGE,
          Template.Field.CATEGORIES);

  /** Clients repeat these and all of 5xx (api-shapes D2). */
  private static final Set<Integer> REPEATED = Set.of(408, 409, 425, 429);

  static Block of(YamlValue value) {
    var map = value.asMap();
    int status =
        map.require(
            "status",
            400,
            number -> {
              int given = number.asInt(200, 499);
              if (REPEATED.contains(given)) {
                number.problem("clients repeat a request that is answered " + given);
              }
              return given;
            });
    Block block = new Block(status, Answer.of(map, KNOWN));
    map.rejectUnknown();
    return block;
  }

  Refusal render(Gate gate, String message, String requestId, Told told) {
    return answer.render(status, requestId, values(gate, message, told), Map.of());
  }

  /** What a refusal's template is filled with; the request id comes beside it. */
  static Map<Template.Field, Object> values(Gate gate, String message, Told told) {
    Map<Template.Field, Object> values = new HashMap<>();
    values.put(Template.Field.MESSAGE, Answer.wellFormed(message));
    if (told.stage()) {
      values.put(Template.Field.STAGE, gate.wire());
    }
    if (!told.categories().isEmpty()) {
      values.put(Template.Field.CATEGORIES, told.categories());
    }
    return values;
  }
}
