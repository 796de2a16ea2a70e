package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleVectorsTest {
  private final SampleVectors vectors = new SampleVectors();
  private int computed;

  @Test
  void computesOncePerModel() throws Exception {
    List<float[]> first = vectors.by("one", this::compute);

    assertThat(vectors.by("one", this::compute)).isSameAs(first);
    assertThat(computed).isEqualTo(1);
    vectors.by("other", this::compute);
    assertThat(computed).isEqualTo(2);
  }

  @Test
  void keepsAFailureToo() {
    for (int i = 0; i < 3; i++) {
      assertThat(
              catchThrowableOfType(UnavailableException.class, () -> vectors.by("one", this::fail))
                  .why())
          .isEqualTo(Cause.TIMEOUT);
    }
    assertThat(computed).isEqualTo(1);
  }

  @Test
  void forgetsWhatWasNoAnswerAtAll() throws Exception {
    assertThatThrownBy(
            () ->
                vectors.by(
                    "one",
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");

    assertThat(vectors.by("one", this::compute)).hasSize(1);
  }

  @Test
  void saysNothingOfItsContent() throws Exception {
    vectors.by("one", this::compute);

    assertThat(vectors).hasToString("SampleVectors[1 models]");
  }

  private List<float[]> compute() {
    computed++;
    return List.of(new float[] {computed});
  }

  private List<float[]> fail() throws UnavailableException {
    computed++;
    throw new UnavailableException(Cause.TIMEOUT, "late");
  }
}
