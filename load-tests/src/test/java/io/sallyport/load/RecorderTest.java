package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private final long pid = ProcessHandle.current().pid();

  @Test
  void answersAreCountedByStatusAndTimedApart() {
    Recorder recorder = new Recorder(pid);
    recorder.start();
    for (int i = 1; i <= 100; i++) {
      recorder.record(200, System.nanoTime() - TimeUnit.SECONDS.toNanos(i));
    }
    recorder.record(503, System.nanoTime() - TimeUnit.SECONDS.toNanos(7));
    recorder.record(0, System.nanoTime());
    Measured measured = recorder.finish();
    assertThat(measured.statuses()).isEqualTo(Map.of(200, 100L, 503, 1L, 0, 1L));
    // Asked up to 100 s ago; what is over a minute counts as a minute.
    assertThat(measured.seconds()).isBetween(100.0, 200.0);
    assertThat(measured.p50()).isCloseTo(50_000, Offset.offset(1_000.0));
    assertThat(measured.p99()).isCloseTo(60_000, Offset.offset(1_000.0));
    assertThat(measured.refusedP99()).isCloseTo(7_000, Offset.offset(1_000.0));
  }

  @Test
  void processorTimeOfAProcessGrowsWithItsWork() {
    double before = Recorder.cpuSeconds(pid);
    while (Recorder.cpuSeconds(pid) < before + 0.05) {
      Thread.onSpinWait();
    }
    assertThat(before).isPositive();
  }

  @Test
  void aProcessThatIsGoneHasNoProcessorTime() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    assertThatThrownBy(() -> Recorder.cpuSeconds(process.pid()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void resultsAndPlansSurviveTheirFiles(@TempDir Path folder) {
    Measured measured = new Measured(Map.of(200, 5L, 0, 1L), 1, 2, 3, 4, 5, 6);
    measured.write(folder.resolve("measured"));
    assertThat(Measured.read(folder.resolve("measured"))).isEqualTo(measured);
    Plan plan = new Plan("http://x", 7, "256x256", 1, 2, 3.5, 0, folder.resolve("result"));
    plan.write(folder.resolve("plan"));
    assertThat(Plan.read(folder.resolve("plan"))).isEqualTo(plan);
  }

  @Test
  void aPlanIsOpenOrClosed() {
    assertThatThrownBy(() -> new Plan("x", 1, "x", 1, 1, 0, 0, Path.of("x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Plan("x", 1, "x", 1, 1, 2, 2, Path.of("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
