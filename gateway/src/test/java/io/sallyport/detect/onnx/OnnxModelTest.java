package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OnnxModelTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void runsOnThePinnedVersionWithoutTelemetry() {
    assertThat(RUNTIME.version()).startsWith("1.28.");
  }

  /** The chain takes minutes; only a run that is cut short ends within the limit. */
  @Test
  @Timeout(30)
  void cutsARunThatPassesItsDeadlineAndStaysUsable() throws Exception {
    try (OnnxModel model = OnnxModel.open(RUNTIME, Graphs.endless())) {
      for (int i = 0; i < 2; i++) {
        assertThat(run(model, new long[0], soon(100)).why()).isEqualTo(Cause.TIMEOUT);
      }
    }
  }

  @Test
  void doesNotStartARunThatIsLate() throws Exception {
    try (OnnxModel model = OnnxModel.open(RUNTIME, Graphs.means())) {
      assertThat(run(model, new long[] {1, 3}, System.nanoTime()).why()).isEqualTo(Cause.TIMEOUT);
    }
  }

  @Test
  void callsAnOutputOfAnotherShapeBad() throws Exception {
    try (OnnxModel model = OnnxModel.open(RUNTIME, Graphs.onlyBrightMeans())) {
      assertThat(run(model, new long[] {1, 3}, soon(10_000)).why()).isEqualTo(Cause.BAD_OUTPUT);
    }
  }

  @Test
  void isACrashAfterClosing() throws Exception {
    OnnxModel model = OnnxModel.open(RUNTIME, Graphs.means());
    model.close();
    model.close();

    assertThat(run(model, new long[] {1, 3}, soon(10_000)).why()).isEqualTo(Cause.CRASH);
  }

  @Test
  void closingWaitsForTheRunUnderWay() throws Exception {
    OnnxModel model = OnnxModel.open(RUNTIME, Graphs.endless());
    var outcome = new java.util.concurrent.CompletableFuture<Cause>();
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    outcome.complete(run(model, new long[0], soon(300)).why());
                  } catch (OrtException e) {
                    outcome.completeExceptionally(e);
                  }
                });
    while (runner.isAlive() && !model.running()) {
      Thread.onSpinWait();
    }
    model.close();

    assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Cause.TIMEOUT);
  }

  /** A session in use is never freed, and a run that hangs does not keep the process waiting. */
  @Test
  @Timeout(60)
  void closingGivesUpOnARunThatDoesNotEnd() throws Exception {
    OnnxModel model = OnnxModel.open(RUNTIME, Graphs.endless());
    var outcome = new java.util.concurrent.CompletableFuture<Cause>();
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    outcome.complete(run(model, new long[0], soon(5_000)).why());
                  } catch (OrtException e) {
                    outcome.completeExceptionally(e);
                  }
                });
    while (runner.isAlive() && !model.running()) {
      Thread.onSpinWait();
    }
    model.close(Duration.ofMillis(10));

    assertThat(outcome).isNotDone();
    assertThat(run(model, new long[] {1, 3}, soon(10_000)).why()).isEqualTo(Cause.CRASH);
    assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void refusesBytesThatAreNoModel() {
    for (byte[] bytes : new byte[][] {{}, {1, 2, 3}, "not a model".getBytes()}) {
      assertThatThrownBy(() -> OnnxModel.open(RUNTIME, bytes))
          .isInstanceOf(UnusableModelException.class)
          .hasMessageStartingWith("not an ONNX model that runs here: ");
    }
  }

  @Test
  void refusesATruncatedModel() {
    byte[] whole = Graphs.means();

    assertThatThrownBy(
            () -> OnnxModel.open(RUNTIME, java.util.Arrays.copyOf(whole, whole.length / 2)))
        .isInstanceOf(UnusableModelException.class);
  }

  private static long soon(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Runs on a black picture with an output of the given shape; the run must fail. */
  private static UnavailableException run(OnnxModel model, long[] shape, long deadline)
      throws OrtException {
    FloatBuffer pixels = DirectBuffers.floats(3 * Graphs.SIDE * Graphs.SIDE);
    FloatBuffer scores = DirectBuffers.floats(3);
    scores.limit(shape.length == 0 ? 1 : 3);
    long[] input = {1, 3, Graphs.SIDE, Graphs.SIDE};
    try (OnnxTensor feed = OnnxTensor.createTensor(RUNTIME.environment(), pixels, input);
        OnnxTensor pin = OnnxTensor.createTensor(RUNTIME.environment(), scores, shape)) {
      return catchThrowableOfType(
          UnavailableException.class,
          () -> model.run(Map.of("pixels", feed), Map.of("scores", pin), deadline));
    }
  }
}
