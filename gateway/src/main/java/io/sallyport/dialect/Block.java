package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a dialect refuses at one gate.
 *
 * @param status one that clients do not repeat by themselves
 */
record Block(int status, Answer answer) {
  /** Clients repeat these and all of 5xx (api-shapes D2). */
  private static final Set<Integer> REPEATED = Set.of(408, 409, 425, 429);

  /**
   * Reads a refusal.
   *
   * @param known what it may be filled with
   */
  static Block of(YamlValue value, Set<Template.Field> known) {
    YamlMap map = value.asMap();
    Block block = of(map, known);
    map.rejectUnknown();
    return block;
  }

  /** Reads a refusal of a mapping that has other keys too. */
  static Block of(YamlMap map, Set<Template.Field> known) {
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
    return new Block(status, Answer.of(map, known));
  }

  Refusal render(Gate gate, String message, String requestId, Told told, JobWords job) {
    Map<Template.Field, Object> values = values(gate, message, told);
    job.tell(values);
    return answer.render(status, requestId, values, Map.of());
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
