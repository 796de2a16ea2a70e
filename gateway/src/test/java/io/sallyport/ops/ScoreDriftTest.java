package io.sallyport.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreDriftTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ScoreDrift drift = new ScoreDrift(registry);
  private final SplittableRandom random = new SplittableRandom(20261122);

  private void scores(String digest, double from, double to) {
    for (int i = 0; i < ScoreTrack.WINDOW; i++) {
      drift.add("image", digest, "mark", random.nextDouble(from, to));
    }
  }

  /** Values of a gauge by their labels, in the order of the names, joined by blanks. */
  private Map<String, Double> gauge(String name) {
    Map<String, Double> values = new HashMap<>();
    registry.scrape(name::equals).stream()
        .map(GaugeSnapshot.class::cast)
        .flatMap(snapshot -> snapshot.getDataPoints().stream())
        .forEach(
            point -> {
              StringBuilder key = new StringBuilder();
              point.getLabels().forEach(label -> key.append(label.getValue()).append(' '));
              values.put(key.toString().strip(), point.getValue());
            });
    return values;
  }

  @Test
  void theSameScoresDriftNowhereAndOthersFar() {
    drift.follow("image", "a", List.of("mark"));
    scores("a", 0.0, 0.3);
    assertThat(gauge("sallyport_score_drift")).as("nothing to compare with yet").isEmpty();
    scores("a", 0.0, 0.3);
    assertThat(gauge("sallyport_score_drift").get("image mark")).isLessThan(0.1);
    scores("a", 0.2, 0.5);
    assertThat(gauge("sallyport_score_drift").get("image mark")).isGreaterThan(0.25);
  }

  @Test
  void quantilesAreToldForTheFirstAndTheNewestWindow() {
    drift.follow("image", "a", List.of("mark"));
    scores("a", 0.0, 0.5);
    scores("a", 0.5, 1.0);
    Map<String, Double> quantiles = gauge("sallyport_score_quantile");
    assertThat(quantiles).hasSize(6);
    assertThat(quantile(quantiles, "reference", "p50")).isCloseTo(0.25, within(0.03));
    assertThat(quantile(quantiles, "reference", "p90")).isCloseTo(0.45, within(0.03));
    assertThat(quantile(quantiles, "newest", "p50")).isCloseTo(0.75, within(0.03));
    assertThat(quantile(quantiles, "newest", "p99")).isCloseTo(0.995, within(0.01));
  }

  private static double quantile(Map<String, Double> quantiles, String window, String q) {
    return quantiles.entrySet().stream()
        .filter(entry -> entry.getKey().contains(window) && entry.getKey().contains(q))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void anotherVersionBeginsAfreshAndTheOldOneSaysNothingMore() {
    drift.follow("image", "a", List.of("mark"));
    scores("a", 0.0, 0.3);
    scores("a", 0.0, 0.3);
    drift.follow("image", "b", List.of("mark"));
    assertThat(gauge("sallyport_score_drift")).isEmpty();
    scores("a", 0.0, 0.3);
    assertThat(gauge("sallyport_score_quantile")).as("an exchange that began before").isEmpty();
    drift.follow("image", "b", List.of("mark"));
    scores("b", 0.5, 0.9);
    drift.follow("image", "b", List.of("mark"));
    assertThat(gauge("sallyport_score_quantile")).as("the same digest goes on").hasSize(3);
  }

  @Test
  void thereAreNeverMoreSeriesThanTheBound() {
    List<String> labels = IntStream.range(0, 1000).mapToObj(i -> "label-" + i).toList();
    drift.follow("image", "a", labels);
    for (String label : labels) {
      for (int i = 0; i < 2 * ScoreTrack.WINDOW; i++) {
        drift.add("image", "a", label, 0.5);
      }
    }
    assertThat(gauge("sallyport_score_drift")).hasSize(ScoreDrift.LABELS_MAX);
  }

  @Test
  void theEdgesCount() {
    ScoreWindow window = new ScoreWindow();
    window.add(0);
    assertThat(window.quantile(1)).isLessThan(0.0002);
    window.add(1);
    window.add(1);
    assertThat(window.quantile(0.99)).isGreaterThan(0.9998).isLessThan(1);
    assertThat(window.total()).isEqualTo(3);
    assertThat(window.drift(window)).isZero();
  }
}
