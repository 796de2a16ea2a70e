package io.sallyport.proxy;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sallyport.audit.AuditListener;
import io.sallyport.audit.AuditLog;
import io.sallyport.audit.AuditQuery;
import io.sallyport.audit.AuditRow;
import io.sallyport.audit.AuditSearch;
import io.sallyport.audit.KeyedHash;
import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.PromptCache;
import io.sallyport.detect.UseCount;
import io.sallyport.ops.Meters;
import io.sallyport.policy.Labels;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import io.sallyport.testing.Scripted;
import io.sallyport.yaml.Problems;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A whole data path with scripted detectors, in front of a {@link FakeUpstream}. */
final class ProxyHarness implements AutoCloseable {
  static final String POLICY =
      """
      policy: default
      detectors: [words, pictures]
      rules:
        - id: no-bicycle
          stage: prompt
          category: stand-in
          when: {score: {label: bicycle, at_least: 0.5}}
          verdict: block
          disclose: category
        - id: no-red
          stage: [input_image, output_image]
          category: stand-in
          when: {score: {label: red, at_least: 0.5}}
          verdict: block
          disclose: category
      """;

  final FakeUpstream upstream;
  final DataPath path;
  final AuditLog record;
  final Path dir;
  final AtomicReference<Rules> rules = new AtomicReference<>();
  final int port;
  private final Vertx vertx = Vertx.vertx();
  final InferenceLane lane;
  private final PrometheusRegistry registry = new PrometheusRegistry();

  ProxyHarness(Path dir) throws Exception {
    this(dir, "", POLICY);
  }

  /**
   * @param more further YAML of the configuration, top level
   */
  ProxyHarness(Path dir, String more, String policy) throws Exception {
    this(
        dir,
        more,
        policy,
        name -> Future.failedFuture(new IllegalStateException("no name is looked up here")));
  }

  /**
   * @param lookup the addresses of hosts' names
   */
  ProxyHarness(
      Path dir, String more, String policy, Function<String, Future<List<InetAddress>>> lookup)
      throws Exception {
    this.dir = Files.createDirectories(dir);
    upstream = new FakeUpstream((request, connection) -> connection.json(image("fine")));
    GatewayConfig config = config(dir, more);
    Meters meters = new Meters(registry);
    lane =
        new InferenceLane("test", config.lane().threads(), config.lane().queue(), System::nanoTime);
    DetectorPanel panel =
        new DetectorPanel(lane, List.of(Scripted.words(), Scripted.pictures()), run -> {});
    rules.set(new Rules(book(panel, policy), panel));
    record = AuditLog.open(dir.resolve("audit"), AuditLog.Options.DEFAULTS, AuditListener.NONE);
    path =
        new DataPath(
            vertx,
            config,
            rules,
            lane,
            record,
            KeyedHash.open(dir.resolve("audit")),
            new PromptCache(config.cachedSignals()),
            Clock.systemUTC(),
            meters,
            lookup);
    port = path.start().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** A reply of the Images API with these texts as its images. */
  static String image(String... images) {
    StringBuilder data = new StringBuilder();
    for (String image : images) {
      String base64 = Base64.getEncoder().encodeToString(image.getBytes(StandardCharsets.UTF_8));
      data.append(data.isEmpty() ? "" : ",")
          .append("{\"b64_json\":\"")
          .append(base64)
          .append("\"}");
    }
    return "{\"created\":1,\"data\":[" + data + "]}";
  }

  /** A request for images as it goes over the wire. */
  static String generation(String prompt, String... headers) {
    String body = "{\"prompt\":\"" + prompt + "\"}";
    StringBuilder head =
        new StringBuilder("POST /v1/images/generations HTTP/1.1\r\nHost: gateway\r\n")
            .append("Content-Type: application/json\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  RawClient client() throws IOException {
    return new RawClient(port);
  }

  /** Sends one request on a connection of its own. */
  RawClient.Answer ask(String request) throws IOException {
    try (RawClient client = client()) {
      return client.send(request).read();
    }
  }

  /**
   * Puts another policy into force.
   *
   * @param last runs when nobody holds it any more
   */
  Rules swap(String policy, Runnable last) throws IOException {
    Rules before = rules.get();
    DetectorPanel panel = before.panel();
    rules.set(new Rules(book(panel, policy), panel, Shadow.NONE, new UseCount(last)));
    before.uses().leave();
    return before;
  }

  /** Every row of the record, newest first. */
  List<AuditRow> rows() {
    return new AuditSearch(dir.resolve("audit")).search(AuditQuery.newest(1000));
  }

  /** The metrics as text. */
  String metrics() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.builder().build().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  /** True once the metrics hold the line, which may come a moment after the answer. */
  boolean counted(String line) throws Exception {
    for (int i = 0; i < 100; i++) {
      if (metrics().contains(line)) {
        return true;
      }
      Thread.sleep(20);
    }
    return false;
  }

  @Override
  public void close() throws Exception {
    path.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    lane.close();
    record.close();
    upstream.close();
  }

  /** Puts another policy into force. */
  void swap(String policy) throws IOException {
    swap(policy, rules.get().panel());
  }

  /** Puts another policy and other detectors into force. */
  void swap(String policy, DetectorPanel panel) throws IOException {
    rules.set(new Rules(book(panel, policy), panel));
  }

  private GatewayConfig config(Path dir, String more) throws IOException {
    Path file = dir.resolve("sallyport.yaml");
    String upstreamYaml =
        more.contains("upstream:") ? "" : "upstream: {url: \"http://127.0.0.1:%PORT%\"}\n";
    String listenYaml = more.contains("listen:") ? "" : "listen: {port: 0}\n";
    String text = listenYaml + "policies: {dir: policies}\n" + upstreamYaml + more;
    Files.writeString(file, text.replace("%PORT%", Integer.toString(upstream.port())));
    Problems problems = new Problems();
    GatewayConfig config = ConfigLoader.read(file, problems).orElseThrow();
    problems.throwIfAny();
    return config;
  }

  private PolicyBook book(DetectorPanel panel, String policy) throws IOException {
    Path policies = Files.createDirectories(dir.resolve("policies"));
    Files.writeString(policies.resolve("default.yaml"), policy);
    Map<String, Labels> catalogue = new LinkedHashMap<>();
    panel.detectors().forEach(it -> catalogue.put(it.name(), new Labels(it.stages(), it.labels())));
    return PolicyLoader.load(policies, catalogue);
  }
}
