package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectFileTest {
  private static final String GOOD =
      """
      dialect: toy
      bases: [/v1, /]
      routes:
        - id: make
          match: {method: POST, path: "{base}/make/{kind,sort}", type: application/json, query: [v]}
          effect: generate
          reply: out
          text: [{sel: /prompt, role: positive, required: true}]
          images: [{sel: /image, as: auto}]
          values: [{sel: /mode, allow: [fast, 1, true]}]
          plain: [{sel: /size, fits: "[0-9]+"}]
          opaque: [/hook]
          user: [/who]
          deny_text: ["<tag"]
        - id: look
          match: {method: GET, path: "/look/{id}"}
          effect: static
          reply: out
      replies:
        out:
          - when: {status: 2xx, type: application/json}
            images: [{sel: "/out/*", as: auto}]
            text: [/said]
            opaque: [/link]
      block:
        input: {status: 422, headers: {x-a: b}, json: {detail: ["${message}", 7, true, "${null}"], id: "${request_id}"}}
        output: {status: 200, json: {artifacts: [], stage: "at ${stage}"}}
      error: {json: {oops: "${message}"}}
      """;

  @Test
  void compilesAFile() {
    Dialect dialect = parse(GOOD).orElseThrow();
    assertThat(dialect.name()).isEqualTo("toy");
    assertThat(dialect.routes()).extracting(Route::id).containsExactly("make", "look");
    for (String path : List.of("/make/kind", "/make/sort", "/v1/make/kind")) {
      assertThat(Samples.route(dialect, "POST", path).id()).isEqualTo("make");
    }
    assertThat(dialect.match("POST", "/make/other")).isInstanceOf(RouteMatch.UnknownRoute.class);
    assertThat(Samples.route(dialect, "POST", "/make/kind").claimsQuery("v=1")).isTrue();
    assertThat(new String(dialect.refuse(Gate.INPUT, "m", "r", Told.nothing()).body(), UTF_8))
        .isEqualTo("{\"detail\":[\"m\",7,true,null],\"id\":\"r\"}");
    assertThat(new String(dialect.refuse(Gate.OUTPUT, "m", "r", Told.nothing()).body(), UTF_8))
        .isEqualTo("{\"artifacts\":[]}");
    assertThat(new String(dialect.refuse(Gate.OUTPUT, "m", "r", Told.stageOnly()).body(), UTF_8))
        .isEqualTo("{\"artifacts\":[],\"stage\":\"at output\"}");
    assertThat(new String(dialect.error(ClientError.INTERNAL, "m", "r").body(), UTF_8))
        .isEqualTo("{\"oops\":\"m\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'prompt':'a dog','mode':'fast','image':'QUJD'}|parts",
        "{'prompt':'a dog','mode':1,'image':'data:image/png;base64,QUJD'}|parts",
        "{'prompt':'a dog','mode':true}|parts",
        "{'prompt':'a dog','mode':'1'}|not_judged /mode",
        "{'prompt':'a dog','mode':false}|not_judged /mode",
        "{'prompt':'a dog','image':'https:\\/\\/a.example/b'}|not_judged /image",
        "{'prompt':'a dog <tag x'}|not_judged /prompt",
        "{'prompt':'a dog','hook':''}|not_judged /hook",
      })
  void readsWhatTheFileClaims(String json, String expected) {
    Dialect dialect = parse(GOOD).orElseThrow();
    Route route = Samples.route(dialect, "POST", "/make/kind");
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    assertThat(
            Samples.outcome(
                dialect.readRequest(route, "application/json", body, ReadLimits.defaults())))
        .isEqualTo(expected);
  }

  @Test
  void tellsEveryProblemWithItsLine() {
    String broken =
        """
        dialect: Toy!
        bases: [v1]
        colour: red
        routes:
          - id: make
            match: {method: FETCH, path: "make", type: text/plain}
            effect: generate
            reply: gone
            text:
              - {sel: prompt, role: positive}
              - {sel: "/a[x]", role: positive}
              - {role: positive}
              - {sel: /b, role: loud}
            plain: [{sel: /c, fits: "["}]
            tone: high
          - id: make
            match: {path: /other, method: GET, host: a}
            effect: static
            text: [{sel: /x, role: positive}]
        replies:
          out:
            - when: {status: 3xx, type: image/png}
        error: {json: {a: "${stage}"}}
        """;
    Problems problems = new Problems();
    assertThat(Dialect.parse("toy.yaml", broken.getBytes(UTF_8), problems)).isEmpty();
    String expected =
        """
        toy.yaml:1: a dialect's name is lower-case letters, digits and '-'
        toy.yaml:2: bases[0]: a base is '/' or a path such as /v1
        toy.yaml:22: replies.out[0].when.status: expected 2xx, 4xx, 5xx or one such status in quotes
        toy.yaml:22: replies.out[0]: replies of images, and no others, claim {sel: body, as: bytes} and no more
        toy.yaml:6: routes[0].match.method: expected one of [DELETE, GET, PATCH, POST, PUT]
        toy.yaml:6: routes[0].match.path: not a path: 'make'
        toy.yaml:6: routes[0].match.type: requests of this type are not understood: 'text/plain'
        toy.yaml:10: routes[0].text[0].sel: a selector starts with '/', found 'prompt'
        toy.yaml:11: routes[0].text[1].sel: a predicate is [key=value] or [key<0]: 'a[x]' in selector '/a[x]'
        toy.yaml:12: routes[0].text[2]: missing key 'sel'
        toy.yaml:13: routes[0].text[3].role: expected one of positive, negative, context, style, unknown, found 'loud'
        toy.yaml:14: routes[0].plain[0].fits: not a regular expression: Unclosed character class
        toy.yaml:8: routes[0].reply: no replies are named 'gone'
        toy.yaml:15: routes[0].tone: unknown key
        toy.yaml:16: routes[1]: another route has the id 'make'
        toy.yaml:17: routes[1].match.host: unknown key
        toy.yaml:16: routes[1]: missing key 'reply'
        toy.yaml:16: routes[1]: a static route has no request body to claim
        toy.yaml:5: routes: no route uses the replies 'out'
        toy.yaml:1: missing key 'block': a route generates, and must be refusable
        toy.yaml:23: error.json.a: nothing to fill in for ${stage} here
        toy.yaml:3: colour: unknown key
        """;
    assertThat(problems.list())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrderElementsOf(expected.lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "        output: {status: 200, json: {artifacts: [], stage: \"at ${stage}\"}}||missing key"
            + " 'output'",
        "status: 422|status: 429|clients repeat a request that is answered 429",
        "status: 422|status: 500|expected a whole number from 200 to 499",
        "\"${message}\", 7|\"${sender}\", 7|nothing to fill in for ${sender} here",
        "\"${message}\", 7|\"a ${categories}\", 7|nothing to fill in for ${categories} here",
        "oops: \"${message}\"|oops: \"${stage}\"|nothing to fill in for ${stage} here",
        "x-a: b|X-A: b|a header has a lower-case name",
        "opaque: [/hook]|opaque: [/hook, /hook]|unreachable: other rules claim all that this"
            + " selects",
        "values: [{sel: /mode|values: [{sel: /hook|unreachable: other rules claim all that this"
            + " selects",
        "path: \"/look/{id}\"|path: \"/v1/make/kind\", type: application/json|a static route has no"
            + " request body to claim",
        "required: true}]|required: true}, {sel: /**, role: context}]|unreachable",
        "id: look|id: make|another route has the id 'make'",
        "reply: out|reply: none|no replies are named 'none'",
        "effect: generate|effect: moderate|nothing is answered upstream: no 'reply'",
        "effect: static|effect: paint|expected one of generate, static, control, moderate, fetch",
        "status: 2xx|status: 3xx|expected 2xx, 4xx, 5xx",
        "type: application/json}|type: '*/*'}|replies of this type are not understood",
        "type: application/json}|type: image/png}|replies of images, and no others, claim",
        "path: \"/look/{id}\"|path: \"/look/{id\"|braces do not pair",
        "path: \"/look/{id}\"|path: \"/look//x\"|not a path",
        "path: \"/look/{id}\"|path: \"/look/%41\"|not a path",
        "as: auto|as: magic|expected one of base64, data_uri, auto, maybe, url, bytes",
        "query: [v]|query: v|expected a list",
        "sel: /prompt|sel: /prompt**|a wildcard stands alone",
      })
  void refusesAWrongFile(String good, String wrong, String problem) {
    assertThat(GOOD).contains(good);
    String broken = GOOD.replace(good, wrong == null ? "" : wrong);
    Problems problems = new Problems();
    assertThat(Dialect.parse("toy.yaml", broken.getBytes(UTF_8), problems)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains(problem));
  }

  @Test
  void refusesShadowedRoutes() {
    String shadowed =
        GOOD.replace(
            "replies:\n",
            "  - {id: again, match: {method: GET, path: /look/me}, effect: static, reply: out}\n"
                + "replies:\n");
    Problems problems = new Problems();
    assertThat(Dialect.parse("toy.yaml", shadowed.getBytes(UTF_8), problems)).isEmpty();
    assertThat(problems.list()).hasSize(1);
    assertThat(problems.list().getFirst().message())
        .endsWith("unreachable: an earlier route claims GET /look/me");
    assertThat(problems.list().getFirst().line()).isEqualTo(19);
  }

  @Test
  void requiresARefusalWhereSomethingIsGenerated() {
    String without = GOOD.replaceAll("(?s)block:.*error:", "error:");
    Problems problems = new Problems();
    assertThat(Dialect.parse("toy.yaml", without.getBytes(UTF_8), problems)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::message)
        .containsExactly("missing key 'block': a route generates, and must be refusable");
  }

  @Test
  void keepsProblemsOfOtherFilesApart() {
    Problems problems = new Problems();
    problems.add("other.yaml", 1, "broken");
    assertThat(Dialect.parse("toy.yaml", GOOD.getBytes(UTF_8), problems)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "../dialect/openai-images", "/x", "openai-images.yaml"})
  void knowsNoOtherBundledDialect(String name) {
    assertThatThrownBy(() -> Dialect.bundled(name)).isInstanceOf(InvalidFileException.class);
  }

  private static Optional<Dialect> parse(String yaml) {
    Problems problems = new Problems();
    Optional<Dialect> dialect = Dialect.parse("toy.yaml", yaml.getBytes(UTF_8), problems);
    assertThat(problems.list()).isEmpty();
    return dialect;
  }
}
