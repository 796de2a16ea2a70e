package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Stage;
import org.junit.jupiter.api.Test;

class OnceTest {
  private static final Sample SAMPLE = new Sample.Text(Stage.PROMPT, "a dog");

  private final StringBuilder told = new StringBuilder();
  private final Once<String> once =
      new Once<>(
          new Preparer<>() {
            @Override
            public String prepare(Sample sample) {
              told.append("prepared ");
              return "x";
            }

            @Override
            public void release(String prepared) {
              told.append("released ");
            }
          });

  @Test
  void releasesWhenTheLastOneHasLeftAndNobodyEnters() throws Exception {
    once.enter();
    once.enter();
    once.prepare(SAMPLE);
    once.prepare(SAMPLE);
    once.leave();
    once.close();
    assertThat(told).hasToString("prepared ");
    once.leave();
    assertThat(told).hasToString("prepared released ");
    once.close();
    assertThat(told).hasToString("prepared released ");
  }

  @Test
  void releasesNothingBetweenRounds() throws Exception {
    for (int round = 0; round < 2; round++) {
      once.enter();
      once.prepare(SAMPLE);
      once.leave();
    }
    assertThat(told).hasToString("prepared ");
    once.close();
    assertThat(told).hasToString("prepared released ");
  }

  @Test
  void releasesNothingThatWasNeverPrepared() {
    once.enter();
    once.leave();
    once.close();
    assertThat(told).isEmpty();
  }

  @Test
  void neverReleasesWhatIsKept() throws Exception {
    once.enter();
    once.prepare(SAMPLE);
    once.keep();
    once.leave();
    once.close();
    assertThat(told).hasToString("prepared ");
  }
}
