package io.sallyport.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @Test
  void stagesAndCausesHaveStableWireNames() {
    assertThat(Arrays.stream(Stage.values()).map(Stage::wire))
        .containsExactly("prompt", "negative_prompt", "input_image", "output_image");
    assertThat(Arrays.stream(Cause.values()).map(Cause::wire))
        .containsExactly(
            "timeout",
            "overload",
            "crash",
            "undecodable",
            "unsupported",
            "too_large",
            "bad_output",
            "missing",
            "circuit_open");
  }

  @Test
  void theFirstThirteenCategoriesAreOpenAis() {
    assertThat(Category.openAi().stream().map(Category::wire))
        .containsExactly(
            "sexual",
            "sexual/minors",
            "harassment",
            "harassment/threatening",
            "hate",
            "hate/threatening",
            "illicit",
            "illicit/violent",
            "self-harm",
            "self-harm/intent",
            "self-harm/instructions",
            "violence",
            "violence/graphic");
  }

  @ParameterizedTest
  @EnumSource(Category.class)
  void aCategoryIsFoundByItsWireName(Category category) {
    assertThat(Category.of(category.wire())).contains(category);
  }

  @Test
  void anUnknownWireNameIsNoCategory() {
    assertThat(Category.of("SEXUAL")).isEmpty();
    assertThat(Category.of("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.0001, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
  void aScoreOutsideItsRangeCannotExist(double value) {
    assertThatThrownBy(() -> new Signal.Score("d", Stage.PROMPT, "l", value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNegativeDistanceCannotExist() {
    assertThatThrownBy(() -> new Signal.Match("d", Stage.PROMPT, "b", -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
