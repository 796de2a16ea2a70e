package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettlingTest {
  private static final Map<Path, String> NONE = Map.of();
  private static final Map<Path, String> HALF = Map.of(Path.of("model.onnx"), "half");
  private static final Map<Path, String> WHOLE = Map.of(Path.of("model.onnx"), "whole");

  @Test
  void whatMovesIsToldAtOnceOrWhenItRests() {
    Settling quick = new Settling(false, NONE);
    assertThat(quick.tells(NONE)).isFalse();
    assertThat(quick.tells(HALF)).isTrue();
    assertThat(quick.tells(WHOLE)).isTrue();
    assertThat(quick.tells(WHOLE)).isFalse();

    Settling patient = new Settling(true, NONE);
    assertThat(patient.tells(NONE)).isFalse();
    assertThat(patient.tells(HALF)).isFalse();
    assertThat(patient.tells(WHOLE)).isFalse();
    assertThat(patient.tells(WHOLE)).isTrue();
    assertThat(patient.tells(WHOLE)).as("once").isFalse();
  }

  /** A change that is taken back was one all the same: what was read in between may be in force. */
  @Test
  void whatComesBackIsToldToo() {
    Settling patient = new Settling(true, NONE);
    assertThat(patient.tells(HALF)).isFalse();
    assertThat(patient.tells(NONE)).isFalse();
    assertThat(patient.tells(NONE)).isTrue();
  }
}
