package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * How one kind of answer is written: fixed headers and a JSON {@link Template}.
 *
 * @param headers beside {@code content-type} and {@code x-request-id}, which every answer has
 */
record Answer(Map<String, String> headers, Template json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern HEADER_NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{1,256}");
  private static final Pattern REQUEST_ID = Pattern.compile("[!-~]{1,128}");

  Answer {
    headers = Map.copyOf(headers);
  }

  /** Reads {@code headers} and {@code json} of a mapping. */
  static Answer of(YamlMap map, Set<Template.Field> known) {
    Map<String, String> headers = new LinkedHashMap<>();
    map.get("headers")
        .ifPresent(value -> value.asMap().forEach((name, text) -> header(headers, name, text)));
    Template json = map.require("json", new Template.Null(), value -> Template.of(value, known));
    return new Answer(headers, json);
  }

  private static void header(Map<String, String> headers, String name, YamlValue text) {
    String value = text.asString();
    if (!HEADER_NAME.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
      text.problem("a header has a lower-case name and printable ASCII text");
    }
    headers.put(name, value);
  }

  /**
   * Fills the answer.
   *
   * @param extra headers that win over the file's
   */
  Refusal render(
      int status, String requestId, Map<Template.Field, Object> values, Map<String, String> extra) {
    if (!REQUEST_ID.matcher(requestId).matches()) {
      throw new IllegalArgumentException("a request id is 1 to 128 visible ASCII characters");
    }
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(extra);
    all.put("content-type", "application/json");
    all.put("x-request-id", requestId);
    Map<Template.Field, Object> told = new HashMap<>(values);
    told.put(Template.Field.REQUEST_ID, requestId);
    told.putIfAbsent(Template.Field.ID, requestId);
    return new Refusal(status, all, json(json, told));
  }

  /** A filled template as UTF-8 JSON on one line. */
  static byte[] json(Template json, Map<Template.Field, Object> values) {
    return JSON.writeValueAsBytes(json.render(values).orElse(Map.of()));
  }

  /** Text without lone surrogates, which no UTF-8 can carry. */
  static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
