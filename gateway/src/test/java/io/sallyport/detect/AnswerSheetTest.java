package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerSheetTest {
  private static final Signal SCORE = ScriptedDetector.score("a", 0.5);
  private static final Answer ANSWER = new Answer(List.of(SCORE), DetectorRun.OK, "");

  private final AnswerSheet sheet = new AnswerSheet(Stage.PROMPT, List.of("a", "b"));

  @Test
  void whoHasNotAnsweredAtClosingIsUnavailable() {
    assertThat(sheet.write(ANSWER)).isTrue();
    assertThat(sheet.close(Cause.TIMEOUT)).containsExactly("b");
    assertThat(sheet.signals())
        .containsExactly(SCORE, new Signal.Unavailable("b", Stage.PROMPT, Cause.TIMEOUT));
  }

  @Test
  void nothingIsWrittenAfterClosing() {
    sheet.close(Cause.OVERLOAD);
    List<Signal> closed = sheet.signals();
    assertThat(sheet.write(ANSWER)).isFalse();
    assertThat(sheet.close(Cause.TIMEOUT)).isEmpty();
    assertThat(sheet.signals()).isEqualTo(closed).hasSize(2);
  }
}
