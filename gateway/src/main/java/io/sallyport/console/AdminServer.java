package io.sallyport.console;

import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sallyport.config.GatewayConfig.Listen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * The operators' port: {@code /metrics}, {@code /health/live}, {@code /health/ready}, {@code
 * /api/v1/status}, {@code POST /api/v1/policies:reload} and {@link ModelRoutes}.
 *
 * <p>It has no login yet: it belongs on a loopback or management address. What changes something
 * wants {@code content-type: application/json}, which no other site's page can send unasked.
 */
public final class AdminServer {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TEXT_METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /** A large model takes a while to load and test, and who asked for it waits. */
  private static final int IDLE_SECONDS = 300;

  private final Vertx vertx;
  private final Listen listen;
  private final PrometheusRegistry registry;
  private final Readiness readiness;
  private final Supplier<Map<String, Object>> status;
  private final Supplier<List<String>> reload;
  private final ModelRoutes models;

  /**
   * @param status what is in force, as JSON values
   * @param reload loads changed policies; blocks; the problems found, none when loaded
   * @param models what can be asked about models
   */
  public AdminServer(
      Vertx vertx,
      Listen listen,
      PrometheusRegistry registry,
      Readiness readiness,
      Supplier<Map<String, Object>> status,
      Supplier<List<String>> reload,
      ModelDesk models) {
    this.vertx = vertx;
    this.listen = listen;
    this.registry = registry;
    this.readiness = readiness;
    this.status = status;
    this.reload = reload;
    this.models = new ModelRoutes(vertx, models);
  }

  /** Starts listening; the port that it listens on. */
  public Future<Integer> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listen.host())
            .setPort(listen.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setMaxHeaderSize(16 << 10)
            .setHttp2ClearTextEnabled(false);
    listen
        .tls()
        .ifPresent(
            tls ->
                options
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(tls.certificate().toString())
                            .addKeyPath(tls.key().toString())));
    return vertx
        .createHttpServer(options)
        .requestHandler(this::route)
        .listen()
        .map(HttpServer::actualPort);
  }

  private void route(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    switch (path) {
      case "/metrics" -> get(request, () -> metrics(request));
      case "/health/live" -> get(request, () -> json(request, 200, Map.of("status", "live")));
      case "/health/ready" -> get(request, () -> ready(request));
      case "/api/v1/status" -> get(request, () -> json(request, 200, status.get()));
      case "/api/v1/policies:reload" -> reload(request);
      case String other when other.startsWith(ModelRoutes.ROOT) -> models.route(request, other);
      case String other -> json(request, 404, Map.of("error", "no such path"));
    }
  }

  private static void get(HttpServerRequest request, Runnable answer) {
    if (request.method().equals(HttpMethod.GET)) {
      answer.run();
    } else {
      json(request, 405, Map.of("error", "only GET is served here"));
    }
  }

  private void ready(HttpServerRequest request) {
    Map<String, Boolean> checks = readiness.look();
    boolean ready = !checks.containsValue(false);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", ready ? "ready" : "not ready");
    answer.put("checks", checks);
    answer.putAll(readiness.details());
    json(request, ready ? 200 : 503, answer);
  }

  /** Scraping formats some hundred kilobytes at most; done off the event loop all the same. */
  private void metrics(HttpServerRequest request) {
    String accept = request.getHeader("accept");
    boolean open = accept != null && accept.contains("application/openmetrics-text");
    vertx
        .executeBlocking(() -> scrape(open), false)
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("content-type", open ? OPEN_METRICS : TEXT_METRICS)
                    .end(Buffer.buffer(body)))
        .onFailure(thrown -> json(request, 500, Map.of("error", "metrics cannot be read")));
  }

  private byte[] scrape(boolean open) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
    if (open) {
      OpenMetricsTextFormatWriter.builder().build().write(out, registry.scrape());
    } else {
      PrometheusTextFormatWriter.builder().build().write(out, registry.scrape());
    }
    return out.toByteArray();
  }

  private void reload(HttpServerRequest request) {
    if (mayChange(request)) {
      vertx
          .executeBlocking(reload::get, true)
          .onSuccess(problems -> reloaded(request, problems))
          .onFailure(thrown -> json(request, 500, Map.of("error", "the reload failed")));
    }
  }

  /** True for a POST of JSON; anything else is answered here. */
  static boolean mayChange(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    if (!request.method().equals(HttpMethod.POST)) {
      json(request, 405, Map.of("error", "only POST is served here"));
      return false;
    }
    if (type == null || !type.startsWith("application/json")) {
      json(request, 415, Map.of("error", "send content-type: application/json"));
      return false;
    }
    return true;
  }

  private static void reloaded(HttpServerRequest request, List<String> problems) {
    if (problems.isEmpty()) {
      json(request, 200, Map.of("status", "loaded"));
    } else {
      json(request, 422, Map.of("status", "refused", "problems", problems));
    }
  }

  static void json(HttpServerRequest request, int status, Map<String, ?> answer) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .end(Buffer.buffer(JSON.writeValueAsBytes(answer)));
  }
}
