package io.sallyport.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlValueTest {
  private enum Colour {
    RED,
    DARK_BLUE
  }

  private static void reads(String value, Function<YamlValue, ?> reader, Object expected) {
    Yaml yaml = new Yaml("v: " + value);
    Object read = reader.apply(yaml.v());
    assertThat(yaml.told()).isEmpty();
    assertThat(read).isEqualTo(expected);
  }

  private static <T> void refused(String value, Function<YamlValue, T> reader, String problem) {
    Yaml yaml = new Yaml("\nv: " + value);
    reader.apply(yaml.v());
    assertThat(yaml.told()).containsExactly("f.yaml:2: v: " + problem);
  }

  @Test
  void textIsTextAndNothingElse() {
    reads("abc", YamlValue::asString, "abc");
    reads("'12'", YamlValue::asString, "12");
    reads("yes", YamlValue::asString, "yes");
    refused("12", YamlValue::asString, "expected text (quote it), found 12");
    refused("true", YamlValue::asString, "expected text (quote it), found true");
    refused("[a]", YamlValue::asString, "expected text (quote it), found a list");
    refused("{a: b}", YamlValue::asString, "expected text (quote it), found a mapping");
    refused("'  '", YamlValue::asString, "expected text that is not blank, found '  '");
  }

  @Test
  void booleansAreTrueOrFalse() {
    reads("true", YamlValue::asBoolean, true);
    reads("false", YamlValue::asBoolean, false);
    refused("yes", YamlValue::asBoolean, "expected true or false, found 'yes'");
    refused("1", YamlValue::asBoolean, "expected true or false, found 1");
  }

  @Test
  void wholeNumbersKeepTheirBounds() {
    reads("1", value -> value.asInt(1, 3), 1);
    reads("3", value -> value.asInt(1, 3), 3);
    reads("-9223372036854775808", it -> it.asLong(Long.MIN_VALUE, 0), Long.MIN_VALUE);
    for (String wrong : List.of("0", "4", "2.0", "'2'", "2e0")) {
      Yaml yaml = new Yaml("v: " + wrong);
      assertThat(yaml.v().asInt(1, 3)).isEqualTo(1);
      assertThat(yaml.told()).singleElement().asString().contains("a whole number from 1 to 3");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "0.5, 0.5", "5e-1, 0.5", "1.0, 1"})
  void numbersAreWholeOrDecimal(String text, double number) {
    reads(text, value -> value.asDouble(0, 1), number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.01", "1.01", "1e999", "'0.5'", "true", "[0.5]"})
  void numbersOutOfBoundsAndOtherKindsAreRefused(String text) {
    Yaml yaml = new Yaml("v: " + text);
    yaml.v().asDouble(0, 1);
    assertThat(yaml.told()).singleElement().asString().contains("a number from 0.0 to 1.0");
  }

  @ParameterizedTest
  @CsvSource({"512, 512", "64KiB, 65536", "20MiB, 20971520", "1GiB, 1073741824", "7 B, 7"})
  void sizesHaveUnits(String text, long bytes) {
    reads(text, value -> value.asBytes(0, 1L << 40), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"64KB", "-1", "1.5MiB", "999999999999999GiB", "2GiB", "true", "KiB"})
  void sizesThatAreNoSizesOrOutOfBoundsAreRefused(String text) {
    Yaml yaml = new Yaml("v: " + text);
    assertThat(yaml.v().asBytes(1, 1L << 30)).isEqualTo(1);
    assertThat(yaml.told()).singleElement().asString().contains("expected a size such as 64KiB");
  }

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "2s, PT2S", "5m, PT5M", "1h, PT1H", "30d, PT720H", "'3 s', PT3S"})
  void durationsHaveUnits(String text, Duration duration) {
    reads(text, value -> value.asDuration(Duration.ZERO, Duration.ofDays(365)), duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"250", "2 weeks", "99ms", "11s", "999999999999d", "-1s", "[1s]"})
  void durationsWithoutUnitOrOutOfBoundsAreRefused(String text) {
    Yaml yaml = new Yaml("v: " + text);
    yaml.v().asDuration(Duration.ofMillis(100), Duration.ofSeconds(10));
    assertThat(yaml.told())
        .singleElement()
        .asString()
        .contains("expected a duration such as 250ms, 2s or 5m, from 100ms to 10s");
  }

  @Test
  void constantsAreWrittenInLowerCase() {
    reads("dark_blue", value -> value.asEnum(Colour.class), Colour.DARK_BLUE);
    refused("RED", at -> at.asEnum(Colour.class), "expected one of red, dark_blue, found 'RED'");
    refused("1", at -> at.asEnum(Colour.class), "expected one of red, dark_blue, found 1");
  }

  @Test
  void listsAndSingleValuesAreToldApart() {
    reads("[a, b]", it -> it.asList().size(), 2);
    reads("[a, b]", it -> it.asListOrOne().size(), 2);
    reads("a", it -> it.asListOrOne().size(), 1);
    refused("a", YamlValue::asList, "expected a list, found 'a'");
    refused("a", YamlValue::asMap, "expected a mapping, found 'a'");
  }

  @Test
  void kindsCanBeAsked() {
    Yaml yaml = new Yaml("m: {a: 1}\nl: [1]\ns: x\n");
    List<String> kinds = new ArrayList<>();
    yaml.map().forEach((key, it) -> kinds.add(key + it.isMap() + it.isList() + it.isString()));
    assertThat(kinds).containsExactly("mtruefalsefalse", "lfalsetruefalse", "sfalsefalsetrue");
  }

  @Test
  void everyUnknownKeyIsAProblemAtItsLine() {
    Yaml yaml = new Yaml("known: 1\nx: 2\nm:\n  y: 3\n");
    YamlMap map = yaml.map();
    map.get("known");
    map.get("m").orElseThrow().asMap().rejectUnknown();
    map.rejectUnknown();
    assertThat(yaml.told())
        .containsExactly("f.yaml:4: m.y: unknown key", "f.yaml:2: x: unknown key");
  }

  @Test
  void aMissingKeyIsToldWhereItsMappingStarts() {
    Yaml yaml = new Yaml("m:\n  - {a: 1}\n");
    YamlMap map = yaml.map().get("m").orElseThrow().asList().getFirst().asMap();
    assertThat(map.string("id")).isEqualTo("?");
    assertThat(map.has("id")).isFalse();
    assertThat(map.get("id", "absent", YamlValue::asString)).isEqualTo("absent");
    assertThat(yaml.told()).containsExactly("f.yaml:2: m[0]: missing key 'id'");
  }

  @Test
  void namesInAMappingAllCountAsRead() {
    Yaml yaml = new Yaml("a: 1\nb: 2\n");
    YamlMap map = yaml.map();
    List<String> keys = new ArrayList<>();
    map.forEach((key, value) -> keys.add(key));
    map.rejectUnknown();
    assertThat(keys).containsExactly("a", "b");
    assertThat(yaml.told()).isEmpty();
  }

  @Test
  void oneMistakeIsToldOnce() {
    Yaml yaml = new Yaml("id:\nn: text\nm: [1]\n");
    YamlMap map = yaml.map();
    map.string("id");
    YamlValue number = map.get("n").orElseThrow();
    number.asInt(0, 9);
    number.problem("too small");
    map.get("m").orElseThrow().asMap().string("inner");
    assertThat(yaml.told())
        .containsExactly(
            "f.yaml:1: id: no value",
            "f.yaml:2: n: expected a whole number from 0 to 9, found 'text'",
            "f.yaml:3: m: expected a mapping, found a list");
  }

  @Test
  void longTextIsNotRepeatedInAProblem() {
    refused("x".repeat(50), YamlValue::asBoolean, "expected true or false, found long text");
  }
}
