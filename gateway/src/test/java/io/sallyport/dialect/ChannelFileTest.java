package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelFileTest {
  private static final String ROUTE =
      "{id: ws, match: {method: GET, path: /ws, upgrade: websocket, query: [who]}, effect:"
          + " channel}";
  private static final String DOWN = "down_text: [{type: a, pass: true}, {other: drop}]";
  private static final String BINARY =
      "down_binary: [{event: 1, holds: [number, rest_image]}, {other: drop}]";
  private static final String UP = "up_text: [{other: drop}]";
  private static final String BLOCK =
      "channel: {json: {a: \"${id} ${message}\"}, error: {b: \"${id} ${code}\"}}";

  private static Optional<Dialect> parse(
      String route, String section, String block, Problems problems) {
    String file =
        """
        dialect: toy
        routes:
          - %s
        %s
        block:
          input: {status: 400, json: {a: b}}
          output: {status: 400, json: {a: b}}
          %s
        error: {json: {error: "${message}"}}
        """
            .formatted(route, section, block);
    return Dialect.parse("toy.yaml", file.getBytes(UTF_8), problems);
  }

  private static String section(String down, String binary, String up, String more) {
    return "websocket:\n  %s\n  %s\n  %s\n  %s\n".formatted(down, binary, up, more);
  }

  private static List<String> problems(String route, String section, String block) {
    Problems problems = new Problems();
    parse(route, section, block, problems);
    return problems.list().stream().map(Problem::message).toList();
  }

  @Test
  void compilesASection() {
    Problems problems = new Problems();
    String section = section(DOWN, BINARY, UP, "client: who\n  job: /data/id");
    Dialect dialect = parse(ROUTE, section, BLOCK, problems).orElseThrow();
    assertThat(problems.list()).isEmpty();
    assertThat(dialect.channel().orElseThrow().client()).contains("who");
    Route route = Samples.route(dialect, "GET", "/ws");
    assertThat(route.effect()).isEqualTo(Effect.CHANNEL);
    assertThat(route.queryValue("x=1&who=me", "who")).contains("me");
    assertThat(route.queryValue("who=", "who")).isEmpty();
    assertThat(route.queryValue("", "who")).isEmpty();
    assertThat(new String(dialect.refuseInChannel("no", "r", "j", Told.nothing()), UTF_8))
        .isEqualTo("{\"a\":\"j no\"}");
    assertThat(
            new String(
                dialect.errorInChannel(ClientError.CHECK_UNAVAILABLE, "no", "r", "j"), UTF_8))
        .isEqualTo("{\"b\":\"j check_unavailable\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{type: a, pass: true}, {type: b, pass: true}|the last rule, and no other, is {other:"
            + " drop}",
        "{other: drop}, {other: drop}|the last rule, and no other, is {other: drop}",
        "{type: a, pass: true}, {other: block}|the last rule, and no other, is {other: drop}",
        "{pass: true}, {other: drop}|missing key 'type'",
        "{type: a}, {other: drop}|needs claims such as images, or pass or drop",
        "{type: 'a b', pass: true}, {other: drop}|no type of a message: 'a b'",
        "{type: a, pass: true}, {type: [b, a], drop: true}, {other: drop}|unreachable: an earlier"
            + " rule claims these messages",
        "{type: a, pass: true, ends: data/node}, {other: drop}|expected names of members, such as"
            + " /data/id",
        "{type: a, pass: true, drop: true}, {other: drop}|one of preview, pass and drop at most",
        "{type: a, images: [{sel: /u, as: url}]}, {other: drop}|missing key 'fetch': what is behind"
            + " a URL must be judged",
        "{type: a, pass: true, colour: red}, {other: drop}|colour: unknown key",
      })
  void tellsWhatIsWrongAboutTexts(String rules, String expected) {
    String section = section("down_text: [" + rules + "]", BINARY, UP, "");
    assertThat(problems(ROUTE, section, BLOCK)).anySatisfy(it -> assertThat(it).endsWith(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{event: 1}|needs what it 'holds', or drop",
        "{event: 1, holds: [number, rest_image], drop: true}|needs what it 'holds', or drop",
        "{event: 1, holds: [number]}|the last piece, and no other, is the rest of a message",
        "{event: 1, holds: [rest_image, number]}|the last piece, and no other, is the rest of a"
            + " message",
        "{event: 1, holds: [rest_text, rest_image]}|the last piece, and no other, is the rest of a"
            + " message",
        "{event: 1, holds: [rest_text], preview: true}|only an image can be a preview",
        "{event: 1, holds: [number, rest_image], preview: true, preview_unless: 2}|one of preview"
            + " and preview_unless at most",
        "{event: 1, holds: [rest_image], preview_unless: 2}|preview_unless is about a number that"
            + " the message holds",
        "{event: 1, holds: [rest_image], job: /id}|a job is named in JSON that the message holds",
        "{event: 1, holds: [json, rest_image], job: id}|expected names of members, such as"
            + " /data/id",
        "{event: 1, drop: true}, {event: 1, drop: true}|unreachable: an earlier rule claims these"
            + " messages",
        "{event: -1, drop: true}|expected a whole number from 0 to 4294967295",
        "{holds: [rest_image]}|missing key 'event'",
        "{event: 1, holds: [picture]}|expected one of number, text, json, rest_image, rest_text",
      })
  void tellsWhatIsWrongAboutBinaries(String rules, String expected) {
    String section = section(DOWN, "down_binary: [" + rules + ", {other: drop}]", UP, "");
    assertThat(problems(ROUTE, section, BLOCK)).anySatisfy(it -> assertThat(it).contains(expected));
  }

  @Test
  void whatAClientSendsIsNotJudged() {
    String up = "up_text: [{type: a, images: [{sel: /b, as: auto}]}, {other: drop}]";
    assertThat(problems(ROUTE, section(DOWN, BINARY, up, ""), BLOCK))
        .anySatisfy(it -> assertThat(it).endsWith("is not judged here: pass or drop"));
  }

  @Test
  void sectionRouteAndRefusalComeTogether() {
    String section = section(DOWN, BINARY, UP, "");
    assertThat(problems(ROUTE, "", BLOCK))
        .anySatisfy(it -> assertThat(it).contains("missing key 'websocket'"));
    assertThat(problems(ROUTE, section, ""))
        .anySatisfy(it -> assertThat(it).contains("missing key 'block.channel'"));
    assertThat(problems(ROUTE, section(DOWN, "", UP, ""), BLOCK))
        .anySatisfy(it -> assertThat(it).endsWith("missing key 'down_binary'"));
    String other = "{id: x, match: {method: POST, path: /x}, effect: control, reply: out}";
    assertThat(problems(other, section + "replies: {out: []}", BLOCK))
        .anySatisfy(it -> assertThat(it).contains("no route is a channel: no 'websocket'"));
    for (String bad :
        List.of(
            ROUTE.replace("upgrade: websocket, ", ""),
            ROUTE.replace("upgrade: websocket", "upgrade: h2c"),
            ROUTE.replace("effect: channel", "effect: deny"))) {
      assertThat(problems(bad, section, BLOCK))
          .anySatisfy(it -> assertThat(it).endsWith("nothing else, has {upgrade: websocket}"));
    }
    assertThat(problems(ROUTE.replace("GET", "POST"), section, BLOCK))
        .anySatisfy(it -> assertThat(it).endsWith("a channel route is GET"));
  }
}
