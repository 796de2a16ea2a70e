package io.sallyport;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditFilter;
import io.sallyport.audit.AuditQuery;
import io.sallyport.audit.AuditRow;
import io.sallyport.audit.AuditSearch;
import io.sallyport.audit.AuditVerifier;
import io.sallyport.audit.VerifyResult;
import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole gateway in this process, started as the command line starts it, with clients for both its
 * ports and a look at its record. Safe on every thread.
 */
public final class RealGateway implements AutoCloseable {
  /** The policies at the top of the repository. */
  public static final Path POLICIES = Path.of("..", "policies").toAbsolutePath().normalize();

  private static final JsonMapper JSON = JsonMapper.shared();

  private final GatewayConfig config;
  private final Gateway gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RealGateway(Path file) {
    Problems problems = new Problems();
    config = ConfigLoader.read(file, problems).orElse(null);
    problems.throwIfAny();
    gateway = Gateway.start(file.toString(), config, "test");
  }

  /** Starts from a configuration file. */
  public static RealGateway start(Path file) {
    return new RealGateway(file);
  }

  /** Starts with everything that is shipped: policies, detectors and the embedded models. */
  public static RealGateway demo(Path dir, int upstreamPort) throws IOException {
    return start(new GatewayFiles(dir).config(upstreamPort, shipped()));
  }

  /** The sections of the demo's configuration, over the policies of the repository. */
  public static String shipped() throws IOException {
    return """
    policies: {dir: '%1$s', default: demo}
    models: {dir: '%2$s'}
    detectors:
      prompt-terms: {kind: lexicon, file: '%1$s/lexicons/default.yaml'}
      prompt-concepts: {kind: concepts, model: all-minilm-l6-v2-int8, file: '%1$s/concepts/default.yaml'}
      image-nsfw: {kind: image-classifier, model: nsfwjs-mobilenet-v2-mid}
      demo-terms: {kind: lexicon, file: '%1$s/lexicons/demo.yaml'}
      image-magenta: {kind: image-classifier, model: magenta}
    lane: {prompt_deadline: 60s, image_deadline: 60s}
    """
        .formatted(POLICIES, RealModels.get());
  }

  public int port() {
    return gateway.port();
  }

  /** {@code http://127.0.0.1:PORT} of the proxy. */
  public String url() {
    return "http://127.0.0.1:" + gateway.port();
  }

  /** {@code http://127.0.0.1:PORT} of the operators' port. */
  public String adminUrl() {
    return "http://127.0.0.1:" + gateway.adminPort();
  }

  /**
   * Asks for images.
   *
   * @param json the request's body
   * @param headers names and values in turn
   */
  public Answer generate(String json, String... headers) throws Exception {
    return post(url() + "/v1/images/generations", json, headers);
  }

  /** Asks the moderation API. */
  public Answer moderate(String json, String... headers) throws Exception {
    return post(url() + "/v1/moderations", json, headers);
  }

  public Answer post(String url, String json, String... headers) throws Exception {
    return send(
        request(url, headers)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public Answer get(String url, String... headers) throws Exception {
    return send(request(url, headers));
  }

  /** Sends any request. */
  public Answer send(HttpRequest.Builder request) throws Exception {
    return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
  }

  private static HttpRequest.Builder request(String url, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return headers.length == 0 ? request : request.headers(headers);
  }

  /** A prompt as a request's body. */
  public static String prompt(String prompt) {
    return JSON.writeValueAsString(JSON.createObjectNode().put("prompt", prompt));
  }

  /** The metrics as text. */
  public String metrics() throws Exception {
    return get(adminUrl() + "/metrics").text();
  }

  /** The sum of all series of a counter or gauge that hold this part of their labels. */
  public double metric(String name, String labels) throws Exception {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The newest rows of the record, newest first. */
  public List<AuditRow> rows(AuditFilter... filters) {
    return new AuditSearch(recordDir()).search(AuditQuery.newest(AuditQuery.MAX_LIMIT, filters));
  }

  /** The decisions about one answer, first stage first. */
  public List<AuditEvent.Decided> decisions(Answer answer) {
    return decisions(new AuditFilter.OfRequest(answer.requestId()));
  }

  /** The newest decisions, oldest first. */
  public List<AuditEvent.Decided> decisions(AuditFilter... filters) {
    return rows(filters).reversed().stream()
        .map(AuditRow::event)
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .toList();
  }

  /** What the gateway said about itself with this word, oldest first. */
  public List<AuditEvent.Lifecycle> lifecycle(String action) {
    return rows(new AuditFilter.OfKind(AuditEvent.Kind.LIFECYCLE)).reversed().stream()
        .map(row -> (AuditEvent.Lifecycle) row.event())
        .filter(event -> event.action().equals(action))
        .toList();
  }

  /** Walks the record. */
  public VerifyResult verify() {
    return AuditVerifier.verify(recordDir(), rows -> {});
  }

  public Path recordDir() {
    return config.audit().dir();
  }

  @Override
  public void close() {
    client.shutdownNow();
    gateway.close();
  }

  /** A whole answer. */
  public record Answer(HttpResponse<byte[]> response) {
    public int status() {
      return response.statusCode();
    }

    public byte[] body() {
      return response.body();
    }

    public String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    /** The header's value; empty when it is not there. */
    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String requestId() {
      return header("x-request-id");
    }

    /** The error's code in OpenAI's envelope; empty when there is none. */
    public String code() {
      return json().path("error").path("code").asString("");
    }
  }
}
