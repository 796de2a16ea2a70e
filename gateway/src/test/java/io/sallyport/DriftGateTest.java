package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.testing.ModelVersions;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the metrics of drift tell of real traffic. */
class DriftGateTest {
  private static final String REFERENCE =
      "detector=\"prompt-word\",label=\"word\",q=\"p50\",window=\"reference\"";

  @Test
  void aThousandScoresAreTheReferenceUntilAnotherVersionCounts(@TempDir Path dir) throws Exception {
    try (ModelLifeHarness harness = new ModelLifeHarness(dir)) {
      ModelVersions.marks(harness.marks("v1"), 0.5);
      ModelVersions.words(harness.words("v1"), 0.25);
      harness.start(false, "");
      String second = ModelVersions.words(harness.words("v2"), 0.75);

      judgeAThousand(harness);
      assertThat(harness.gateway.metric("sallyport_score_quantile", REFERENCE))
          .isCloseTo(0.25, within(0.03));
      assertThat(harness.gateway.metrics()).doesNotContain("sallyport_score_drift{");
      judgeAThousand(harness);
      assertThat(harness.gateway.metrics()).contains("sallyport_score_drift{");

      assertThat(harness.activate(ModelVersions.WORDS, second).status()).isEqualTo(200);
      assertThat(harness.gateway.metrics()).doesNotContain("sallyport_score_quantile{");
    }
  }

  /** Every text of a list is a decision of its own. */
  private static void judgeAThousand(ModelLifeHarness harness) throws Exception {
    String texts =
        IntStream.range(0, 50)
            .mapToObj(i -> "\"a house " + i + "\"")
            .collect(Collectors.joining(","));
    for (int i = 0; i < 20; i++) {
      var answer = harness.gateway.moderate("{\"input\":[" + texts + "]}");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
  }
}
