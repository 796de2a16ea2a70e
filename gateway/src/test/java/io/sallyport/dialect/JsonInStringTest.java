package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** A member whose string holds JSON is read as if its inside stood in its place. */
class JsonInStringTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String TOY =
      """
      dialect: toy
      routes:
        - id: make
          match: {method: POST, path: /make, type: application/json}
          effect: generate
          reply: out
          text:
            - {sel: "/task/**/prompt", role: positive, required: true}
            - {sel: /negative, role: negative}
          images: [{sel: /task/image, as: auto}]
          json: [/task, "/task/*/more"]
      replies:
        out: [{when: {status: 2xx, type: application/json}}]
      block: {input: {status: 400, json: {a: b}}, output: {status: 400, json: {a: b}}}
      error: {json: {a: b}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt':'a dog'}|parts [positive /task/prompt=a dog]",
        "[{'prompt':'a z\\u0065ppelin'}]|parts [positive /task/0/prompt=a zeppelin]",
        "{'other':'a dog','prompt':'a'}|parts [positive /task/prompt=a, unknown /task/other=a dog]",
        "{'a b':1,'prompt':'a'}|parts [positive /task/prompt=a, unknown /task/?=a b]",
        "{}|missing_field /task/**/prompt",
        "'a dog'|wrong_type /task",
        "a dog|wrong_type /task",
        "{'prompt':'a','prompt':'b'}|duplicate_key /task",
        "{'prompt':'a'}x|malformed_json /task",
        "{'prompt':'a','image':'https://a.example/b'}|not_judged /task",
        "{'prompt':'a','image':'QUI'}|bad_base64 /task",
        "{'prompt':'a','x':'https://a.example/b'}|unclaimed_image /task",
      })
  void readsItTwice(String inner, String expected) {
    String json = inner.replace('\'', '"');
    assertThat(said(JSON.writeValueAsString(java.util.Map.of("task", json)))).isEqualTo(expected);
  }

  @Test
  void readsAnObjectInItsPlaceTheSameWay() {
    assertThat(said("{\"task\":{\"prompt\":\"a dog\"}}"))
        .isEqualTo("parts [positive /task/prompt=a dog]");
  }

  @Test
  void guidanceInItMakesANegativePromptOutsideShow() {
    for (String guidance : java.util.List.of("0.5", "7")) {
      String inner = "{\"prompt\":\"a dog\",\"cfg_scale\":" + guidance + "}";
      String role = guidance.equals("7") ? "negative" : "positive";
      var body = new java.util.TreeMap<>(java.util.Map.of("negative", "a zeppelin", "task", inner));
      assertThat(said(JSON.writeValueAsString(body)))
          .isEqualTo("parts [" + role + " /negative=a zeppelin, positive /task/prompt=a dog]");
    }
  }

  /** However often it is wrapped: every string that is claimed as JSON is undone once more. */
  @Test
  void readsJsonInJsonInJson() {
    String inner = "{\"prompt\":\"a dog\"}";
    String middle = JSON.writeValueAsString(java.util.Map.of("a", java.util.Map.of("more", inner)));
    assertThat(said(JSON.writeValueAsString(java.util.Map.of("task", middle))))
        .isEqualTo("parts [positive /task/a/more/prompt=a dog]");
  }

  /** Many small texts in many strings are still many texts. */
  @Test
  void countsWhatItFindsWithEverythingElse() {
    String texts = "\"a dog\",".repeat(300);
    String inner = "{\"prompt\":\"a\",\"x\":[" + texts + "1]}";
    assertThat(said(JSON.writeValueAsString(java.util.Map.of("task", inner))))
        .isEqualTo("too_many_values /task");
  }

  private static String said(String body) {
    Problems problems = new Problems();
    Dialect dialect = Dialect.parse("toy.yaml", TOY.getBytes(UTF_8), problems).orElse(null);
    assertThat(problems.list()).isEmpty();
    Route route = Samples.route(dialect, "POST", "/make");
    Reading reading =
        dialect.readRequest(route, "application/json", body.getBytes(UTF_8), ReadLimits.defaults());
    return Samples.outcome(reading)
        + (reading instanceof Reading.Parts ? " " + Samples.texts(reading) : "");
  }
}
