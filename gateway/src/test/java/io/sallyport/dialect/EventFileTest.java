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

class EventFileTest {
  private static final String STREAM = "stream: {event: fault, json: {error: \"${message}\"}}";
  private static final String GOOD =
      """
      - {event: [a.one, "b.**"], images: [{sel: /image, as: base64}], preview: true}
            - {data: {kind: [two, three]}, text: [/said]}
            - {event: log, drop: true}
            - {event: "{start,stop}", pass: true}
            - {data: "[DONE]", pass: true}
            - {other: block}
      """;

  private static List<String> problems(String sse, String stream) {
    Problems problems = new Problems();
    parse(sse, stream, problems);
    return problems.list().stream().map(Problem::message).toList();
  }

  private static Optional<Dialect> parse(String sse, String stream, Problems problems) {
    String file =
        """
        dialect: toy
        routes:
          - id: make
            match: {method: POST, path: /make, type: application/json}
            effect: generate
            reply: out
            text: [{sel: /prompt, role: positive}]
        replies:
          out:
            - when: {status: 2xx, type: text/event-stream}
              sse:
              %s
        block:
          input: {status: 400, json: {a: b}}
          output: {status: 400, json: {a: b}}
          %s
        error: {json: {error: {message: "${message}"}}}
        """
            .formatted(sse.strip(), stream);
    return Dialect.parse("toy.yaml", file.getBytes(UTF_8), problems);
  }

  @Test
  void compilesRules() throws Exception {
    Problems problems = new Problems();
    Dialect dialect = parse(GOOD, STREAM, problems).orElseThrow();
    assertThat(problems.list()).isEmpty();
    EventRules rules =
        Samples.route(dialect, "POST", "/make").events(200, "text/event-stream").orElseThrow();
    assertThat(kind(rules, "event: a.one\ndata: {\"image\":\"AAAA\"}")).isEqualTo("Images");
    assertThat(kind(rules, "event: b.some.thing\ndata: {\"image\":\"AAAA\"}")).isEqualTo("Images");
    assertThat(kind(rules, "event: a.other\ndata: {\"image\":\"AAAA\"}")).isEqualTo("Unreadable");
    assertThat(kind(rules, "data: {\"kind\":\"three\",\"said\":\"x\"}")).isEqualTo("Plain");
    assertThat(kind(rules, "data: {\"kind\":\"four\",\"said\":\"x\"}")).isEqualTo("Unreadable");
    assertThat(kind(rules, "event: log\ndata: anything")).isEqualTo("Dropped");
    assertThat(kind(rules, "event: stop\ndata: {}")).isEqualTo("Plain");
    assertThat(kind(rules, "data: [DONE]")).isEqualTo("Plain");
    assertThat(new String(dialect.refuseInStream("no", "r", Told.nothing(), JobWords.NONE), UTF_8))
        .isEqualTo("event: fault\ndata: {\"error\":\"no\"}\n\n");
    assertThat(new String(dialect.errorInStream(ClientError.INTERNAL, "no", "r"), UTF_8))
        .isEqualTo("event: fault\ndata: {\"error\":{\"message\":\"no\"}}\n\n");
  }

  private static String kind(EventRules rules, String event) {
    EventSplitter splitter = new EventSplitter(1000);
    splitter.feed((event + "\n\n").getBytes(UTF_8));
    EventFrame frame = ((EventSplitter.Split.Found) splitter.next()).frame();
    return rules.reader(ReadLimits.defaults(), false).read(frame).getClass().getSimpleName();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "- {event: a, pass: true}|the last rule, and no other, is {other: block}",
        "- {event: a, pass: true}, - {other: pass}|the last rule, and no other, is {other: block}",
        "- {other: block}, - {event: a, pass: true}|the last rule, and no other, is {other: block}",
        "- {other: block}|needs a rule for some event, and {other: block}",
        "- {pass: true}, - {other: block}|needs an 'event' or 'data' to know its events by",
        "- {event: a}, - {other: block}|needs claims such as images, or pass or drop",
        "- {event: a, pass: true, text: [/b]}, - {other: block}|claims are not for pass or drop",
        "- {event: a, pass: true, drop: true}, - {other: block}|one of preview, pass and drop at"
            + " most",
        "- {data: a, text: [/b]}, - {other: block}|data of one fixed text has nothing to claim",
        "- {event: 'a b', pass: true}, - {other: block}|no name of an event: 'a b'; ** may only end"
            + " one",
        "- {event: 'a**b', pass: true}, - {other: block}|no name of an event: 'a**b'; ** may only"
            + " end one",
        "- {event: a, images: [{sel: /u, as: url}]}, - {other: block}|URLs in events are not"
            + " followed: claim them as opaque",
        "- {event: 'a**', pass: true}, - {event: a.b, drop: true}, - {other: block}|unreachable: an"
            + " earlier rule claims these events",
        "- {data: x, pass: true}, - {data: x, drop: true}, - {other: block}|unreachable: an earlier"
            + " rule claims these events",
        "- {event: a, pass: true, colour: red}, - {other: block}|colour: unknown key",
      })
  void tellsWhatIsWrong(String rules, String expected) {
    String sse = rules.replace(", - ", "\n      - ");
    assertThat(problems(sse, STREAM)).anySatisfy(it -> assertThat(it).endsWith(expected));
  }

  @Test
  void aStreamMustBeRefusable() {
    assertThat(problems(GOOD, ""))
        .containsExactly("missing key 'block.stream': a reply streams, and must be refusable");
    assertThat(problems(GOOD, "stream: {event: 'a b', json: {}}"))
        .anySatisfy(it -> assertThat(it).endsWith("no name of an event"));
  }

  @Test
  void eventsAndWholeRepliesAreApart() {
    Problems problems = new Problems();
    String file =
        """
        dialect: toy
        routes:
          - {id: look, match: {method: GET, path: /look}, effect: static, reply: out}
        replies:
          out:
            - when: {status: 2xx, type: text/event-stream}
            - when: {status: 2xx, type: application/json}
              sse: [{event: a, pass: true}, {other: block}]
            - when: {status: 2xx, type: [text/event-stream, text/plain]}
              sse: [{event: a, pass: true}, {other: block}]
        block: {input: {json: {}}, output: {json: {}}, stream: {json: {}}}
        error: {json: {}}
        """;
    Dialect.parse("toy.yaml", file.getBytes(UTF_8), problems);
    assertThat(problems.list())
        .filteredOn(it -> it.message().contains("text/event-stream alone has 'sse'"))
        .extracting(Problem::line)
        .containsExactly(6, 7, 9);
  }
}
