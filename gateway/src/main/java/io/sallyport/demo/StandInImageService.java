package io.sallyport.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image service that speaks OpenAI's Images API and draws the colour and shape that a prompt
 * names.
 *
 * <p>{@code POST /v1/images/generations} (JSON in, {@code b64_json} out, PNG, JPEG or WebP) and
 * {@code GET /v1/models}; everything else is an error in OpenAI's envelope. Deterministic: equal
 * requests get equal bytes. For demos and tests only: it authenticates nobody.
 *
 * <p>Works on virtual threads of its own. At most {@link #MAX_PIXELS_IN_FLIGHT} pixels are under
 * way at a time; what is over that gets 503. Safe on every thread.
 */
public final class StandInImageService implements AutoCloseable {
  /**
   * Enough for two of the largest requests (10 pictures of 2048 x 2048), some 200 MB of answers.
   */
  static final int MAX_PIXELS_IN_FLIGHT =
      2 * GenerationRequest.MAX_COUNT * GenerationRequest.MAX_SIDE * GenerationRequest.MAX_SIDE;

  static final int MAX_BODY_BYTES = 1 << 18;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int BACKLOG = 256;
  private static final byte[] MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"stand-in-1\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"sallyport-demo\"}]}"
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore pixels = new Semaphore(MAX_PIXELS_IN_FLIGHT);
  private final Duration delayPerImage;

  private StandInImageService(HttpServer server, Duration delayPerImage) {
    this.server = server;
    this.delayPerImage = delayPerImage;
  }

  /**
   * Starts a service that answers as fast as it can.
   *
   * @param port 0 for any free one, see {@link #port()}
   * @throws IOException when the address cannot be had
   */
  public static StandInImageService start(String host, int port) throws IOException {
    return start(host, port, Duration.ZERO);
  }

  /**
   * Starts a service that takes its time.
   *
   * @param port 0 for any free one, see {@link #port()}
   * @param delayPerImage waited before each picture, not negative
   * @throws IOException when the address cannot be had
   */
  public static StandInImageService start(String host, int port, Duration delayPerImage)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
    StandInImageService service = new StandInImageService(server, delayPerImage);
    server.createContext("/", service::handle);
    server.setExecutor(service.threads);
    server.start();
    return service;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once: exchanges under way are cut. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange, 200, route(exchange));
      } catch (ServiceException problem) {
        answer(exchange, problem.status(), envelope(problem));
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private byte[] route(HttpExchange exchange)
      throws ServiceException, IOException, InterruptedException {
    return switch (exchange.getRequestURI().getPath()) {
      case "/v1/images/generations" -> {
        requireMethod(exchange, "POST");
        yield generate(GenerationRequest.parse(body(exchange)));
      }
      case "/v1/models" -> {
        requireMethod(exchange, "GET");
        yield MODELS;
      }
      default -> throw new ServiceException(404, "", "There is nothing at this address.");
    };
  }

  private byte[] generate(GenerationRequest request)
      throws ServiceException, IOException, InterruptedException {
    if (!pixels.tryAcquire(request.pixels())) {
      throw new ServiceException(503, "", "Too many pictures are being drawn.");
    }
    try {
      return new Generation(request).answer(delayPerImage);
    } finally {
      pixels.release(request.pixels());
    }
  }

  private static void requireMethod(HttpExchange exchange, String method) throws ServiceException {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new ServiceException(405, "", "Only " + method + " is allowed here.");
    }
  }

  private static byte[] body(HttpExchange exchange) throws ServiceException, IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new ServiceException(413, "", "The body is over " + MAX_BODY_BYTES + " bytes.");
    }
    return body;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (status == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] envelope(ServiceException problem) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode error = root.putObject("error");
    error.put("message", problem.getMessage());
    error.put("type", problem.status() < 500 ? "invalid_request_error" : "server_error");
    if (problem.param().isEmpty()) {
      error.putNull("param");
    } else {
      error.put("param", problem.param());
    }
    error.putNull("code");
    return JSON.writeValueAsBytes(root);
  }
}
