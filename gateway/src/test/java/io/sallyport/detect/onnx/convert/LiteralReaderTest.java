package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralReaderTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, -1",
    ".5, 0.5",
    "-.5, -0.5",
    "12.25, 12.25",
    "3., 3",
    "1e3, 1000",
    "25e-2, 0.25",
  })
  void readsNumbersAsMinifiersWriteThem(String source, double value) throws Exception {
    assertThat(read(source)).isEqualTo(new Literal.Number(value));
  }

  @ParameterizedTest
  @CsvSource({"!0, true", "!1, false"})
  void readsTruthAsMinifiersWriteIt(String source, boolean value) throws Exception {
    assertThat(read(source)).isEqualTo(new Literal.Truth(value));
  }

  @Test
  void readsBareAndQuotedKeysInTheirOrder() throws Exception {
    Literal read = read("{b:[],\"a/b\":{},_$1:\"x y\"}");
    assertThat(((Literal.Members) read).values())
        .containsExactly(
            Map.entry("b", new Literal.Items(List.of())),
            Map.entry("a/b", new Literal.Members(Map.of())),
            Map.entry("_$1", new Literal.Text("x y")));
  }

  @Test
  void stopsAfterOneLiteral() throws Exception {
    LiteralReader reader = new LiteralReader(bytes("xx[1]yy"), 2);
    reader.read();
    assertThat(reader.position()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[",
        "\"",
        "{a}",
        "{a:}",
        "{a:1",
        "{:1}",
        "{1:1}",
        "[1,]",
        "[,1]",
        "[1 ,2]",
        "{a:1,}",
        "{a:1,a:2}",
        "{a:1,\"a\":2}",
        "'x'",
        "`x`",
        "\"a\\n\"",
        "\"\u0001\"",
        "\"\u00e9\"",
        "null",
        "NaN",
        "Infinity",
        "undefined",
        "void 0",
        "true",
        "false",
        "!2",
        "!",
        "-",
        ".",
        "+1",
        "0x10e",
        "1e",
        "1e+",
        "1e999",
        "-1e999",
        "[1e]",
        "e5",
        "f()",
        "function(){}",
        "a.b",
        "(1)",
        "/*x*/1",
        "00000000000000000000000000000000000000001"
      })
  void refusesEverythingElse(String source) {
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> readWhole(source))
        .withMessageContaining("malformed script");
  }

  @Test
  void refusesDeepNestingBeforeTheStackOverflows() {
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> read("[".repeat(1_000_000)))
        .withMessageContaining("nested too deeply");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> read("{a:".repeat(1_000_000)));
  }

  @Test
  void readsBackWhateverIsWritten() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 500; i++) {
      Literal literal = any(random, 4);
      assertThat(read(write(literal))).as("round %d", i).isEqualTo(literal);
    }
  }

  @Test
  void saysWhichKindWasExpected() throws Exception {
    Literal read = read("{a:1}");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> read.get("b"))
        .withMessage("the model lacks 'b'");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> read.get("a").text())
        .withMessage("the model has a Number where a text belongs");
    assertThatExceptionOfType(ModelSourceException.class).isThrownBy(read::items);
    assertThatExceptionOfType(ModelSourceException.class).isThrownBy(read::number);
    assertThatExceptionOfType(ModelSourceException.class).isThrownBy(read::truth);
    assertThatExceptionOfType(ModelSourceException.class).isThrownBy(() -> read.get("a").get("b"));
  }

  private static Literal any(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 5)) {
      case 0 -> new Literal.Truth(random.nextBoolean());
      case 1 -> new Literal.Number(random.nextInt() / 64.0);
      case 2 -> new Literal.Text("t".repeat(random.nextInt(3)) + "{[,:}]!");
      case 3 -> new Literal.Items(anyItems(random, depth - 1));
      default -> {
        Map<String, Literal> members = new LinkedHashMap<>();
        for (Literal item : anyItems(random, depth - 1)) {
          members.put((random.nextBoolean() ? "k" : "k ") + members.size(), item);
        }
        yield new Literal.Members(members);
      }
    };
  }

  private static List<Literal> anyItems(SplittableRandom random, int depth) {
    List<Literal> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(any(random, depth));
    }
    return items;
  }

  private static String write(Literal literal) {
    return switch (literal) {
      case Literal.Truth(boolean value) -> value ? "!0" : "!1";
      case Literal.Text(String value) -> '"' + value + '"';
      case Literal.Number(double value) ->
          new java.math.BigDecimal(value).toPlainString().replaceFirst("^(-?)0\\.", "$1.");
      case Literal.Items(List<Literal> values) ->
          values.stream().map(LiteralReaderTest::write).collect(Collectors.joining(",", "[", "]"));
      case Literal.Members(Map<String, Literal> values) ->
          values.entrySet().stream()
              .map(member -> key(member.getKey()) + ':' + write(member.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }

  private static String key(String key) {
    return key.contains(" ") ? '"' + key + '"' : key;
  }

  private static Literal read(String source) throws ModelSourceException {
    return new LiteralReader(bytes(source), 0).read();
  }

  private static void readWhole(String source) throws ModelSourceException {
    LiteralReader reader = new LiteralReader(bytes(source), 0);
    reader.read();
    if (reader.position() != source.length()) {
      throw new ModelSourceException("malformed script: more than one literal");
    }
  }

  private static byte[] bytes(String source) {
    return source.getBytes(StandardCharsets.ISO_8859_1);
  }
}
