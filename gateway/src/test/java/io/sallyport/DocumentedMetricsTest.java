package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.ops.Meters;
import io.sallyport.testing.MarkdownFile;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds README's table of metrics against what a gateway exposes. */
class DocumentedMetricsTest {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (sallyport_\\w+) ");
  private static final Pattern NAMED = Pattern.compile("\\bsallyport_\\w+");
  private static final Pattern SERIES = Pattern.compile("_(?:count|sum|bucket)$");

  @Test
  void theTableHasEveryMetricAndNoOther(@TempDir Path dir) throws Exception {
    Set<String> exposed = new TreeSet<>(registered());
    exposed.addAll(scraped(dir));
    assertThat(exposed).hasSizeGreaterThan(25);
    assertThat(table()).isEqualTo(exposed);
  }

  @Test
  void whateverTheTextNamesStandsInTheTable() throws IOException {
    Set<String> named =
        NAMED
            .matcher(MarkdownFile.read("README.md").text())
            .results()
            .map(found -> SERIES.matcher(found.group()).replaceFirst(""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isEqualTo(table());
  }

  private static Set<String> table() throws IOException {
    return MarkdownFile.read("README.md").section("## Operations").rows().stream()
        .map(List::getFirst)
        .filter(cell -> cell.matches("`sallyport_\\w+`"))
        .map(cell -> cell.replace("`", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those with labels are silent until something happens, but known to the registry. */
  private static Set<String> registered() {
    PrometheusRegistry registry = new PrometheusRegistry();
    Meters meters = new Meters(registry);
    assertThat(meters).isNotNull();
    return registry.scrape().stream()
        .map(DocumentedMetricsTest::exposedName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String exposedName(MetricSnapshot snapshot) {
    String name = snapshot.getMetadata().getPrometheusName();
    return switch (snapshot) {
      case CounterSnapshot counter -> name + "_total";
      case InfoSnapshot info -> name + "_info";
      case MetricSnapshot other -> name;
    };
  }

  private static Set<String> scraped(Path dir) throws Exception {
    try (Gateway gateway = Gateway.start("sallyport.yaml", config(dir), "test");
        HttpClient client = HttpClient.newHttpClient()) {
      URI metrics = URI.create("http://127.0.0.1:" + gateway.adminPort() + "/metrics");
      String text =
          client
              .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      return TYPE.matcher(text)
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** A gateway without models; nobody needs to be upstream. */
  private static GatewayConfig config(Path dir) throws IOException {
    Files.createDirectories(dir.resolve("policies"));
    Files.writeString(dir.resolve("policies/default.yaml"), "{policy: default, detectors: []}");
    Path file =
        Files.writeString(
            dir.resolve("sallyport.yaml"),
            """
            listen: {port: 0}
            admin: {port: 0}
            upstream: {url: "http://127.0.0.1:1"}
            policies: {dir: policies, watch: false}
            drain: 1s
            """);
    Problems problems = new Problems();
    var config = ConfigLoader.read(file, problems);
    assertThat(problems.list()).isEmpty();
    return config.orElseThrow();
  }
}
