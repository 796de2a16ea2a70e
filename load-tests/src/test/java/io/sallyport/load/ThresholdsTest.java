package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdsTest {
  private static final String JSON = "{\"cost\": {\"most\": 2.0}, \"yield\": {\"least\": 0.85}}";

  private final Thresholds thresholds = Thresholds.parse(JSON);

  @ParameterizedTest
  @CsvSource({"2.0, 0.85, 0", "1.0, 1.0, 0", "2.01, 0.9, 1", "1.9, 0.84, 1", "3, 0, 2"})
  void aRatioOutsideItsBoundIsBroken(double cost, double yield, int broken) {
    assertThat(thresholds.broken(Map.of("cost", cost, "yield", yield))).hasSize(broken);
  }

  @Test
  void whatIsBrokenIsSaidWithItsFigures() {
    assertThat(thresholds.broken(Map.of("cost", 2.5, "yield", 0.9)))
        .containsExactly("cost is 2.50, should be at most 2.0");
  }

  @Test
  void whatWasNotMeasuredIsBroken() {
    assertThat(thresholds.broken(Map.of("cost", 1.0))).containsExactly("yield was not measured");
  }

  @Test
  void whatIsNotANumberIsBroken() {
    assertThat(thresholds.broken(Map.of("cost", Double.NaN, "yield", Double.NaN))).hasSize(2);
  }

  @Test
  void aPartialRunIsHeldToWhatItMeasured() {
    Thresholds some = thresholds.only(Set.of("cost", "other"));
    assertThat(some.broken(Map.of("cost", 1.0))).isEmpty();
    assertThat(some.broken(Map.of("cost", 3.0))).hasSize(1);
  }

  @Test
  void boundsOfAnotherCommandAreLeftOut() {
    Thresholds others = Thresholds.parse("{\"pictures: x\": {\"least\": 3}}");
    assertThat(others.broken(Map.of())).hasSize(1);
    assertThat(others.without(List.of(Pictures.PREFIX)).isEmpty()).isTrue();
    assertThat(thresholds.without(List.of(Pictures.PREFIX)).broken(Map.of())).hasSize(2);
  }

  @Test
  void boundsAreDescribedForPeople() {
    assertThat(thresholds.describe("yield")).isEqualTo("at least 0.85");
    assertThat(thresholds.describe("other")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\": {}}",
        "{\"x\": 2}",
        "{\"x\": {\"most\": \"2\"}}",
        "{\"x\": {\"most\": 2, \"least\": 1}}",
        "{\"x\": {\"most\": 2, \"note\": 1}}"
      })
  void anEntryThatIsNotOneBoundIsRefused(String json) {
    assertThatThrownBy(() -> Thresholds.parse(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theShippedFileNamesOnlyRatiosThatAFullRunMeasures() throws IOException {
    Thresholds shipped = Thresholds.parse(Files.readString(Path.of("thresholds.json")));
    Thresholds ofRun = shipped.without(Comparisons.prefixes());
    assertThat(ofRun.broken(ReportTest.full().ratios()))
        .noneMatch(line -> line.endsWith("was not measured"));
    assertThat(shipped.describe("cpu: no detectors / bare proxy")).isEqualTo("at most 2.0");
    assertThat(shipped.describe("throughput: prompt gate / raw model runs"))
        .isEqualTo("at least 0.85");
  }
}
