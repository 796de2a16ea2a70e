package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every family gives the ids of the reference, for every text of its golden file. */
class GoldenTest {
  static Stream<String> families() {
    return Goldens.FAMILIES.stream();
  }

  @ParameterizedTest
  @MethodSource("families")
  void agreesWithTheReferenceOnEveryText(String family) {
    Tokenizer tokenizer = Goldens.open(family);
    List<String> wrong = new ArrayList<>();
    List<String> answers = Goldens.answers(family + "-golden.jsonl");
    for (String line : answers) {
      JsonNode golden = JsonMapper.shared().readTree(line);
      String found = Arrays.toString(Goldens.ids(tokenizer, golden.get("text").stringValue()));
      if (!found.equals(golden.get("ids").toString().replace(",", ", "))) {
        wrong.add(line + "\n  found " + found);
      }
    }
    assertThat(answers).hasSizeGreaterThan(300);
    assertThat(wrong).isEmpty();
  }

  /** What a smaller array holds is what a larger one starts with. */
  @ParameterizedTest
  @MethodSource("families")
  void stopsAtTheEndOfTheArray(String family) {
    Tokenizer tokenizer = Goldens.open(family);
    String text = "a zeppelin over the harbour, it's 12 o'clock \u6771\u4eac";
    int[] whole = new int[500];
    int count = tokenizer.encode(text, whole);
    assertThat(count).isBetween(10, 100);
    for (int limit = 0; limit <= count; limit++) {
      int[] cut = new int[limit];
      assertThat(tokenizer.encode(text, cut)).isEqualTo(limit);
      assertThat(cut).isEqualTo(Arrays.copyOf(whole, limit));
    }
  }
}
