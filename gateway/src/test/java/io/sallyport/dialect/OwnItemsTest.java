package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlValue;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists of everybody's jobs, and what is left of them for one. */
class OwnItemsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> MINE = Set.of("a", "b");
  private static final OwnItems BY_NAME = items("items: [{sel: '/*', id: name}]");
  private static final OwnItems QUEUE =
      items("items: [{sel: '/running/*', id: /1}, {sel: '/pending/*', id: /1}]");
  private static final OwnItems JOBS =
      items("items: [{sel: '/x/jobs/*', id: /id}]\nkeep: [/page, /x/more]");

  private static OwnItems items(String yaml) {
    Problems problems = new Problems();
    OwnItems items = read(yaml, problems).orElseThrow();
    problems.throwIfAny();
    return items;
  }

  private static Optional<OwnItems> read(String yaml, Problems problems) {
    return YamlFile.parse("x.yaml", yaml.getBytes(UTF_8), problems)
        .map(YamlValue::asMap)
        .flatMap(OwnItems::of);
  }

  private static String own(OwnItems items, String json) {
    byte[] body = (json + "beyond its end").getBytes(UTF_8);
    int length = json.getBytes(UTF_8).length;
    return items
        .of(body, length, 64, MINE::contains)
        .map(bytes -> new String(bytes, UTF_8))
        .orElse("refused");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}|{}",
        "{\"a\": {\"x\" : [1, \"\\u0061\"]} , \"c\":{\"y\":2},\"b\":\"s\"}"
            + "|{\"a\": {\"x\" : [1, \"\\u0061\"]},\"b\":\"s\"}",
        "{\"c\":{\"a\":{}}}|{}",
        // a name is the same however it is written
        "{\"\\u0061\":1,\"c\":2}|{\"\\u0061\":1}",
        "{\"c\":1,\"a\":true,\"d\":null}|{\"a\":true}",
        "[]|[]",
        "[\"a\"]|[]",
        "\"a\"|refused",
        "{\"a\":1|refused",
        "{\"a\":1}x|refused",
        "{\"a\":1,\"c\":{]}|refused",
      })
  void keepsMembersOfOnesOwnNames(String json, String expected) {
    assertThat(own(BY_NAME, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"running\":[[1,\"a\",{}],[2,\"c\",{\"1\":\"a\"}]],\"pending\":[]}"
            + "|{\"running\":[[1,\"a\",{}]],\"pending\":[]}",
        "{\"pending\":[[1,\"c\"], [2, \"b\"] ,[3,\"a\"]]}|{\"pending\":[[2, \"b\"],[3,\"a\"]]}",
        // whose it is is not clear
        "{\"running\":[[1],[1,2],[1,[\"a\"]],[],{\"1\":\"c\"},\"a\",null,[\"a\",\"c\"]]}|{\"running\":[]}",
        // what the file does not name
        "{\"running\":[],\"failed\":[[1,\"c\"]]}|{\"running\":[]}",
        "{\"failed\":[[1,\"a\"]],\"running\":[]}|{\"running\":[]}",
        "{\"running\":7}|refused",
        "{\"running\":null}|refused",
      })
  void keepsElementsByWhatStandsAtAnIndex(String json, String expected) {
    assertThat(own(QUEUE, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"x\":{\"jobs\":[{\"id\":\"a\"},{\"id\":\"c\"}],\"more\":[1,"
            + " 2],\"else\":1},\"page\":{\"n\": 1}}|{\"x\":{\"jobs\":[{\"id\":\"a\"}],\"more\":[1,"
            + " 2]},\"page\":{\"n\": 1}}",
        // two ids: a reader may take either
        "{\"x\":{\"jobs\":[{\"id\":\"a\",\"id\":\"c\"},{\"id\":\"b\",\"id\":\"b\"}]}}"
            + "|{\"x\":{\"jobs\":[{\"id\":\"b\",\"id\":\"b\"}]}}",
        "{\"x\":{\"jobs\":[{\"id\":\"a\",\"id\":7},{\"x\":{\"id\":\"a\"}},{\"id\":{\"id\":\"a\"}}]}}"
            + "|{\"x\":{\"jobs\":[]}}",
        // members of a mapping go by what stands in them too
        "{\"x\":{\"jobs\":{\"c\":{\"id\":\"a\"},\"a\":{\"id\":\"c\"}}}}"
            + "|{\"x\":{\"jobs\":{\"c\":{\"id\":\"a\"}}}}",
        "{\"x\":[]}|refused",
        "{\"jobs\":[{\"id\":\"a\"}]}|{}",
      })
  void keepsElementsByWhatStandsAtAMember(String json, String expected) {
    assertThat(own(JOBS, json)).isEqualTo(expected);
  }

  @Test
  void longNamesAreNobodys() {
    OwnItems items = BY_NAME;
    String json = "{\"" + "a".repeat(10_000) + "\":1}";
    byte[] body = json.getBytes(UTF_8);
    assertThat(items.of(body, body.length, 64, id -> id.length() > 1).map(it -> it.length))
        .contains(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "items: [{sel: /jobs, id: /id}]|items[0]: expected names of members and then /*",
        "items: [{sel: '/*/jobs/*', id: /id}]|items[0]: expected names of members and then /*",
        "items: [{sel: '/jobs/*', id: id}]|items[0]: expected names of members and then /*",
        "items: [{sel: '/jobs/*'}]|items[0]: missing key 'id'",
        "items: [{sel: '/jobs/*', id: /id, colour: red}]|items[0].colour: unknown key",
        "~items: [{sel: '/jobs/*', id: /id}]\nkeep: ['/*']~|keep[0]: expected names of members",
        "keep: [/page]|'keep' says what stays beside 'items'",
      })
  void tellsWhatIsWrong(String yaml, String expected) {
    Problems problems = new Problems();
    read(yaml, problems);
    assertThat(problems.list()).extracting(Problem::message).anyMatch(it -> it.contains(expected));
  }

  /** Whatever comes, what is handed out is a list of one's own. */
  @Test
  void neverHandsOutWhatIsOthers() {
    byte[] good =
        ("{\"running\":[[1,\"a\",{\"x\":\"of a\"}],[2,\"c\",{\"x\":\"secret\"}]],"
                + "\"pending\":[[3,\"c\",{\"x\":\"secret\"}],[4,\"b\",{\"x\":[\"of b\"]}]]}")
            .getBytes(UTF_8);
    Mutations.run(
        11,
        20_000,
        good,
        body -> {
          Optional<byte[]> left = QUEUE.of(body, body.length, 64, MINE::contains);
          left.ifPresent(OwnItemsTest::isOnesOwn);
        });
  }

  /** As another reader of JSON sees it, and this one when it looks again. */
  private static void isOnesOwn(byte[] list) {
    assertThat(QUEUE.of(list, list.length, 64, MINE::contains))
        .hasValueSatisfying(again -> assertThat(again).isEqualTo(list));
    JsonNode read;
    try {
      read = JSON.readTree(list);
    } catch (JacksonException e) {
      return; // not UTF-8, which this reader leaves to others
    }
    assertThat(read.propertyNames()).isSubsetOf("running", "pending");
    for (JsonNode queue : read) {
      queue.forEach(item -> assertThat(MINE).contains(item.get(1).asString()));
    }
  }
}
