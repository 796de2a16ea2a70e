package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonCursorTest {
  private static final JsonMapper JACKSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " [ ] ",
        "0",
        "-0",
        "1.5e+10",
        "\"\"",
        "true",
        "null",
        "{\"a\":[{},[]]}",
        "\"\\u0041\\\"\\/\"",
        "\"\\uD83D\\uDE00\"",
        "\"é漢😀\"",
        "[1,2,\"x\"]",
      })
  void acceptsJson(String json) {
    assertThat(defect(json.getBytes(UTF_8), true)).isEmpty();
    assertThat(defect(json.getBytes(UTF_8), false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "[1,]",
        "{\"a\":1,}",
        "{,}",
        "[,]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "-Infinity",
        "[NaN]",
        "tru",
        "truex",
        "nul",
        "True",
        "{}{}",
        "{} x",
        "1 2",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "\"a\0b\"",
        "\"\t\"",
        "\uFEFF{}",
        "// c\n1",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "\0",
        "{\"a\":1}\0",
      })
  void refusesWhatIsNoJson(String text) {
    assertThat(defect(text.getBytes(UTF_8), true)).contains(Defect.MALFORMED_JSON);
    assertThat(defect(text.getBytes(UTF_8), false)).contains(Defect.MALFORMED_JSON);
  }

  @Test
  void refusesOtherUnicodeEncodings() {
    assertThat(defect("{\"a\":1}".getBytes(UTF_16LE), true)).contains(Defect.MALFORMED_JSON);
    assertThat(defect("{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE), false))
        .contains(Defect.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\uD800", "\\uDC00", "\\uD800\\uD800", "\\uD800x", "\\uD800\\n"})
  void refusesLoneSurrogatesWhenStrict(String escape) {
    byte[] json = ("\"" + escape + "\"").getBytes(UTF_8);
    assertThat(defect(json, true)).contains(Defect.MALFORMED_JSON);
    assertThat(defect(json, false)).isEmpty();
  }

  @Test
  void refusesIllFormedUtf8WhenStrict() {
    int[][] sequences = {
      {0x80},
      {0xC0, 0x80},
      {0xC1, 0xBF},
      {0xC3},
      {0xC3, 0x28},
      {0xE0, 0x9F, 0xBF},
      {0xED, 0xA0, 0x80},
      {0xE2, 0x82},
      {0xF0, 0x8F, 0xBF, 0xBF},
      {0xF4, 0x90, 0x80, 0x80},
      {0xF5, 0x80, 0x80, 0x80},
      {0xFF},
    };
    for (int[] sequence : sequences) {
      byte[] json = quoted(sequence);
      assertThat(defect(json, true)).as("%x", sequence[0]).contains(Defect.NOT_UTF8);
      assertThat(defect(json, false)).as("%x", sequence[0]).isEmpty();
    }
  }

  @Test
  void countsDepthExactly() {
    for (int depth : new int[] {1, 5, 64}) {
      byte[] fits = ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
      byte[] over = ("{\"a\":".repeat(depth) + "[]" + "}".repeat(depth)).getBytes(UTF_8);
      assertThat(defect(fits, true, depth)).isEmpty();
      assertThat(defect(over, true, depth)).contains(Defect.TOO_DEEP);
    }
    assertThat(defect("[".repeat(1_000_000).getBytes(UTF_8), false)).contains(Defect.TOO_DEEP);
  }

  @Test
  void refusesVeryLongNumbers() {
    assertThat(defect("1".repeat(128).getBytes(UTF_8), true)).isEmpty();
    assertThat(defect("1".repeat(129).getBytes(UTF_8), true)).contains(Defect.MALFORMED_JSON);
  }

  @Test
  void findsSpecialBytesAtEveryOffsetOfAWord() {
    for (int lead = 0; lead < 20; lead++) {
      for (String special : List.of("\\n", "\\u0041", "é", "😀")) {
        String inner = "x".repeat(lead) + special + "y".repeat(11);
        assertThat(strings(("[\"" + inner + "\"]").getBytes(UTF_8), true))
            .containsExactly("/0=" + JACKSON.readTree("\"" + inner + "\"").asString());
      }
      String control = "[\"" + "x".repeat(lead) + "\u0001" + "y".repeat(11) + "\"]";
      assertThat(defect(control.getBytes(UTF_8), false)).contains(Defect.MALFORMED_JSON);
    }
  }

  @Test
  void neverReadsBeyondTheGivenLength() {
    byte[] body = "{\"a\":\"b\"}trailing".getBytes(UTF_8);
    assertThat(defect(body, 9)).isEmpty();
    assertThat(defect(body, 8)).contains(Defect.MALFORMED_JSON);
    assertThat(defect(body, 10)).contains(Defect.MALFORMED_JSON);
  }

  @Test
  void findsTheStringsThatJacksonFinds() {
    long seed = 20261122;
    SplittableRandom random = new SplittableRandom(seed);
    int found = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] json = new RandomJson(random, true).document();
      List<String> expected = new ArrayList<>();
      tree(JACKSON.readTree(json), "", expected);
      List<String> actual = strings(json, i % 2 == 0);
      assertThat(actual).as("seed %d case %d", seed, i).isEqualTo(expected);
      found += actual.size();
    }
    assertThat(found).isGreaterThan(5_000);
  }

  @Test
  void acceptsWhatJacksonAcceptsAndIsNeverLaxer() {
    long seed = 4711;
    SplittableRandom random = new SplittableRandom(seed);
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] json = new RandomJson(random, false).mutated();
      Optional<Defect> defect = defect(json, true);
      boolean jackson = jacksonAccepts(json);
      boolean stricter = defect.isPresent() && jackson;
      if (stricter) {
        assertThat(deliberate(json)).as("seed %d case %d", seed, i).isTrue();
      } else {
        assertThat(defect.isEmpty()).as("seed %d case %d", seed, i).isEqualTo(jackson);
      }
      accepted += defect.isEmpty() ? 1 : 0;
      refused += defect.isEmpty() ? 0 : 1;
    }
    assertThat(accepted).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(5_000);
  }

  /** Jackson reads these; a guard must not, as servers differ on them (api-shapes rule 1). */
  private static boolean deliberate(byte[] json) {
    String text = new String(json, UTF_8);
    boolean illFormed = !java.util.Arrays.equals(text.getBytes(UTF_8), json);
    boolean surrogate = text.matches("(?si).*\\\\ud[89a-f].*");
    boolean otherEncoding = text.indexOf('\0') >= 0 || text.startsWith("\uFEFF");
    return illFormed || surrogate || otherEncoding;
  }

  private static boolean jacksonAccepts(byte[] json) {
    try {
      return !JACKSON.readTree(json).isMissingNode();
    } catch (JacksonException e) {
      return false;
    }
  }

  private static void tree(JsonNode node, String at, List<String> out) {
    if (node.isString()) {
      out.add(at + "=" + node.asString());
    }
    int index = 0;
    if (node.isArray()) {
      for (JsonNode item : node) {
        tree(item, at + "/" + index++, out);
      }
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = member.getKey();
      tree(member.getValue(), at + "/" + (Walk.plainName(name) ? name : "?"), out);
    }
  }

  private static List<String> strings(byte[] json, boolean strict) {
    Automaton none = AutomatonBuilder.build(List.of()).orElseThrow();
    Walk walk = new Walk(json, json.length, strict, ReadLimits.defaults(), none);
    List<String> strings = new ArrayList<>();
    for (var token = walk.next(); token != JsonCursor.Token.END; token = walk.next()) {
      if (token == JsonCursor.Token.STRING) {
        strings.add(walk.where() + "=" + walk.text());
      }
    }
    return strings;
  }

  private static byte[] quoted(int[] bytes) {
    byte[] json = new byte[bytes.length + 2];
    json[0] = '"';
    for (int i = 0; i < bytes.length; i++) {
      json[i + 1] = (byte) bytes[i];
    }
    json[bytes.length + 1] = '"';
    return json;
  }

  private static Optional<Defect> defect(byte[] json, boolean strict) {
    return defect(new JsonCursor(json, json.length, strict, 64));
  }

  private static Optional<Defect> defect(byte[] json, boolean strict, int depth) {
    return defect(new JsonCursor(json, json.length, strict, depth));
  }

  private static Optional<Defect> defect(byte[] json, int length) {
    return defect(new JsonCursor(json, length, true, 64));
  }

  private static Optional<Defect> defect(JsonCursor cursor) {
    try {
      while (cursor.next() != JsonCursor.Token.END) {}
      return Optional.empty();
    } catch (UnreadableException e) {
      return Optional.of(e.defect());
    }
  }
}
