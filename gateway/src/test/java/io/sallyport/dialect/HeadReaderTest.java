package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route claims of a query, a path and header fields. */
class HeadReaderTest {
  private static final String FILE =
      """
      dialect: toy
      routes:
        - id: make
          match: {method: POST, path: "/make/{model}", type: application/json, query: [key]}
          effect: generate
          reply: out
          text:
            - {sel: /prompt, role: positive}
            - {sel: "query:prompt", role: positive}
            - {sel: "query:*", role: unknown}
            - {sel: "header:x-style", role: style}
          user: ["header:x-end-user"]
          opaque: ["header:x-binary", "query:hook"]
          deny_text: ["<tag"]
        - id: look
          match: {method: GET, path: /look, query: [a], query_set: {skip: "true"}}
          effect: static
          reply: out
      replies:
        out: [{when: {status: 2xx, type: application/json}}]
      block: {input: {status: 400, json: {}}, output: {status: 400, json: {}}}
      error: {json: {}}
      """;

  private static final Dialect TOY =
      Dialect.parse("toy.yaml", FILE.getBytes(UTF_8), new Problems()).orElseThrow();
  private static final Route MAKE = Samples.route(TOY, "POST", "/make/m");
  private static final Route LOOK = Samples.route(TOY, "GET", "/look");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompt=a+zeppelin|positive query:prompt=a zeppelin",
        "prompt=a%20z%65ppelin|positive query:prompt=a zeppelin",
        "prompt=%C3%A9t%C3%A9|positive query:prompt=été",
        "guidance=7|",
        "style=a%20zeppelin|unknown query:style=a zeppelin",
        "key=a.b_c~d-1|",
      })
  void readsQueries(String query, String expected) {
    assertThat(MAKE.claimsQuery(query)).isTrue();
    assertThat(texts(read("/make/m", query, Map.of())))
        .isEqualTo("positive /prompt=a dog" + (expected == null ? "" : ", " + expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt=a&prompt=b",
        "prompt=%C3",
        "prompt=%ff",
        "prompt=%C0%80",
        "prompt=%2",
        "prompt=%zz",
        "prompt",
        "=a",
        "prompt=a&",
        "prompt=a#b",
        "prompt=é",
        "pr%6fmpt=a",
        "key=%31",
        "key=a b",
      })
  void refusesQueriesThatServersReadInDifferentWays(String query) {
    assertThat(MAKE.claimsQuery(query)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "style=https://a.example/x|unclaimed_image query:style",
        "style=data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE|unclaimed_image query:style",
        "prompt=see+data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE|unclaimed_image query:prompt",
        "prompt=a+%3Ctag|not_judged query:prompt",
        "hook=x|not_judged query:hook",
      })
  void refusesWhatQueriesMustNotHold(String query, String expected) {
    assertThat(Samples.outcome(read("/make/m", query, Map.of()))).isEqualTo(expected);
  }

  @Test
  void judgesAPathThatIsNoModelsName() {
    assertThat(texts(read("/make/org:model-1.5", "", Map.of())))
        .isEqualTo("positive /prompt=a dog");
    assertThat(texts(read("/make/a,zeppelin,at,night", "", Map.of())))
        .isEqualTo("positive /prompt=a dog, unknown path:model=a,zeppelin,at,night");
  }

  @Test
  void readsHeaderFields() {
    assertThat(MAKE.headers()).containsExactlyInAnyOrder("x-style", "x-end-user", "x-binary");
    Reading.Parts parts =
        (Reading.Parts)
            read(
                "/make/m",
                "",
                Map.of("x-style", List.of("like a zeppelin"), "x-end-user", List.of("u-1")));
    assertThat(texts(parts))
        .isEqualTo("positive /prompt=a dog, style header:x-style=like a zeppelin");
    assertThat(parts.user()).contains("u-1");
  }

  @Test
  void refusesHeaderFieldsThatServersReadInDifferentWays() {
    assertThat(Samples.outcome(read("/make/m", "", Map.of("x-style", List.of("a", "b")))))
        .isEqualTo("duplicate_key header:x-style");
    assertThat(Samples.outcome(read("/make/m", "", Map.of("x-style", List.of("\u00e9t\u00e9")))))
        .isEqualTo("not_utf8 header:x-style");
    assertThat(Samples.outcome(read("/make/m", "", Map.of("x-binary", List.of("7")))))
        .isEqualTo("not_judged header:x-binary");
  }

  @Test
  void bodyAndHeadTogetherStayWithinTheLimits() {
    ReadLimits tight = new ReadLimits(20, 20, 4, 1, 100, 8);
    Reading reading =
        TOY.readRequest(
            MAKE,
            new RequestHead("/make/m", "prompt=a+long+zeppelin+xx", Map.of()),
            "application/json",
            "{\"prompt\":\"a dog\"}".getBytes(UTF_8),
            tight);
    assertThat(Samples.outcome(reading)).isEqualTo("text_too_long");
  }

  @Test
  void tellsTheUpstreamWhatTheDialectSets() {
    assertThat(LOOK.target("/look", "")).isEqualTo("/look?skip=true");
    assertThat(LOOK.target("/look", "a=1&skip=false")).isEqualTo("/look?a=1&skip=true");
    assertThat(LOOK.claimsQuery("skip=false&a=1")).isTrue();
    assertThat(MAKE.target("/make/m", "prompt=a%20b")).isEqualTo("/make/m?prompt=a%20b");
    assertThat(MAKE.target("/make/m", "")).isEqualTo("/make/m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "query:prompt|query:a b|not a place in a request's head",
        "header:x-style|header:X-Style|not a place in a request's head",
        "header:x-style|path:modell|no path has {modell}",
        "{sel: \"header:x-style\", role: style}|{sel: \"query:prompt\", role: style}|unreachable",
        "role: style}|role: style, required: true}|a request's head holds no",
        "skip: \"true\"|skip: \"a b\"|a query's key and value here are",
      })
  void refusesAWrongFile(String good, String wrong, String problem) {
    Problems problems = new Problems();
    assertThat(FILE).contains(good);
    assertThat(Dialect.parse("toy.yaml", FILE.replace(good, wrong).getBytes(UTF_8), problems))
        .isEmpty();
    assertThat(problems.list())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains(problem));
  }

  private static Reading read(String path, String query, Map<String, List<String>> headers) {
    return TOY.readRequest(
        MAKE,
        new RequestHead(path, query, headers),
        "application/json",
        "{\"prompt\":\"a dog\"}".getBytes(UTF_8),
        ReadLimits.defaults());
  }

  private static String texts(Reading reading) {
    return String.join(", ", Samples.texts(reading));
  }
}
