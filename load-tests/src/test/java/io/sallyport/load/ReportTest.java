package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  /**
   * Every scenario: number {@code i} answers 100 requests in 10 s with {@code i + 1} ms of
   * processor time each.
   */
  static Report full() {
    return full(new Cores(List.of("pin"), List.of(), 1));
  }

  private static Report full(Cores cores) {
    Report report = new Report(cores);
    for (Scenario scenario : Scenario.values()) {
      double cpu = 0.1 * (scenario.ordinal() + 1);
      report.add(scenario, new Measured(Map.of(200, 100L), 1, 2, 3, 0, 10, cpu));
    }
    report.add(new RawModelRuns.Result(20, 6));
    return report;
  }

  @Test
  void ratiosAreOfProcessorTimeAndThroughput() {
    assertThat(full().ratios())
        .containsEntry("throughput: prompt gate / raw model runs", 0.5)
        .containsEntry("overload: orderly answers", 1.0)
        .containsEntry("overload: answers / full speed", 1.0);
    assertThat(full().ratios().get("cpu: no detectors / bare proxy"))
        .isCloseTo(1.5, Offset.offset(1e-9));
    assertThat(full().ratios().get("cpu: raw model runs / prompt gate"))
        .isCloseTo(0.75, Offset.offset(1e-9));
  }

  @Test
  void withoutCoresOfItsOwnThroughputIsToldByProcessorTime() {
    Report shared = full(new Cores(List.of(), List.of(), 2));
    assertThat(shared.ratios().get("throughput: prompt gate / raw model runs"))
        .isCloseTo(0.75, Offset.offset(1e-9));
  }

  @Test
  void whatWasNotMeasuredHasNoRatio() {
    Report report = new Report(new Cores(List.of(), List.of(), 2));
    report.add(Scenario.BARE, new Measured(Map.of(200, 1L), 1, 1, 1, 0, 1, 1));
    assertThat(report.ratios()).isEmpty();
  }

  @Test
  void requestsWithoutAnOrderlyAnswerCount() {
    Measured measured = new Measured(Map.of(200, 90L, 503, 8L, 0, 1L, 502, 1L), 1, 1, 1, 1, 9, 1);
    assertThat(measured.orderly()).isEqualTo(0.98);
    assertThat(measured.perSecond()).isEqualTo(10);
    assertThat(measured.cpuMillisPerRequest()).isEqualTo(10);
    assertThat(measured.statuses()).contains(entry(502, 1L));
  }

  @ParameterizedTest
  @CsvSource({"99, 1, true", "98, 2, false", "0, 100, false", "0, 0, false", "1, 0, true"})
  void figuresOfAServerThatRefusesAreNotSound(long pictures, long refusals, boolean sound) {
    Measured measured = new Measured(Map.of(200, pictures, 400, refusals), 1, 1, 1, 1, 1, 1);
    assertThat(measured.isSound()).isEqualTo(sound);
  }

  @Test
  void aRunWithoutThresholdsDoesNotClaimThatTheyHold() {
    Thresholds none = Thresholds.parse("{}");
    assertThat(full().text(none)).doesNotContain("All thresholds hold");
  }

  @Test
  void theTextHasEveryScenarioAndSaysWhatIsBroken() {
    Thresholds thresholds =
        Thresholds.parse("{\"cpu: no detectors / bare proxy\": {\"most\": 1.2}}");
    String text = full().text(thresholds);
    for (Scenario scenario : Scenario.values()) {
      assertThat(text).contains("\n" + scenario.title() + " ");
    }
    assertThat(text).contains("raw model runs", "BROKEN: cpu: no detectors / bare proxy is 1.50");
  }
}
