package io.sallyport.load;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.load.Comparisons.ExecutionFailedException;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a swap of versions does to requests that run meanwhile: {@code load-tests/bin/bench swap}. A
 * gateway that judges prompts by term lists and pictures by a model of two versions answers as many
 * clients as keep it busy, first left alone and then while one version is put in the other's place
 * again and again.
 */
final class Swaps {
  /** What these ratios begin with in {@code thresholds.json}. */
  static final String PREFIX = "swap: ";

  private static final int CLIENTS = 4;

  /** For the texts of a request, and for its images. */
  static final long DEADLINE_MILLIS = 2_000;

  private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Path folder;
  private final int port = freePort();
  private final int adminPort = freePort();
  private final int upstreamPort = freePort();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong number = new AtomicLong();

  /** Of the versions. */
  private final List<String> digests = new ArrayList<>();

  private Swaps(Path root) throws IOException {
    this.folder =
        Files.createTempDirectory(
            Files.createDirectories(root.resolve("load-tests/target")), "swap-");
  }

  static Numbers measure(Path root)
      throws IOException, InterruptedException, ExecutionFailedException {
    System.err.println("load-tests: swaps");
    return new Swaps(root).measured(root);
  }

  /** What a time of load gave. */
  private record Load(List<Long> nanos, long lost, int swaps) {
    double millis(double quantile) {
      List<Long> sorted = nanos.stream().sorted().toList();
      int at = (int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * quantile));
      return sorted.get(at) / 1e6;
    }
  }

  /** What happens beside the load, again and again. */
  @FunctionalInterface
  private interface Beside {
    void act() throws IOException, InterruptedException, ExecutionFailedException;
  }

  private Numbers measured(Path root)
      throws IOException, InterruptedException, ExecutionFailedException {
    Path config = write(root);
    List<String> upstream = Child.java(List.of("-Xmx512m"), FixedUpstream.class, upstreamPort);
    List<String> gateway =
        List.of(
            root.resolve("gateway/bin/sallyport").toString(),
            "serve",
            "--config",
            config.toString());
    try (Child service = start(upstream, "upstream").awaitPort(upstreamPort);
        Child guard = start(gateway, "gateway").awaitPort(port)) {
      load(WARM_NANOS, () -> Thread.sleep(100));
      Load alone = load(TURN_NANOS, () -> Thread.sleep(100));
      int[] turn = {0};
      Load swapped = load(TURN_NANOS, () -> activate(digests.get(++turn[0] % 2)));
      return numbers(alone, swapped);
    }
  }

  private static Numbers numbers(Load alone, Load swapped) {
    Table table =
        new Table("swaps", "swapped", "answers", "lost", "p50 ms", "p99 ms", "longest ms");
    add(table, "left alone", alone, 0);
    add(table, "swapped under load", swapped, swapped.swaps());
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put(PREFIX + "requests lost", (double) swapped.lost());
    ratios.put(
        PREFIX + "longest wait / (longest left alone + deadline)",
        swapped.millis(1) / (alone.millis(1) + DEADLINE_MILLIS));
    ratios.put(PREFIX + "p99 / p99 left alone", swapped.millis(0.99) / alone.millis(0.99));
    return new Numbers(table.toString(), ratios);
  }

  private static void add(Table table, String name, Load load, int swaps) {
    table.add(
        name,
        Integer.toString(swaps),
        Integer.toString(load.nanos().size()),
        Long.toString(load.lost()),
        number(load.millis(0.5)),
        number(load.millis(0.99)),
        number(load.millis(1)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Clients that ask again at once, for so long, while something else is done over and over. */
  private Load load(long nanos, Beside beside)
      throws IOException, InterruptedException, ExecutionFailedException {
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
    AtomicLong lost = new AtomicLong();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofPlatform().start(() -> ask(done, taken, lost)));
    }
    int times = 0;
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < nanos) {
        beside.act();
        times++;
      }
    } finally {
      done.set(true);
      for (Thread thread : clients) {
        thread.join();
      }
    }
    return new Load(List.copyOf(taken), lost.get(), times);
  }

  private void ask(AtomicBoolean done, ConcurrentLinkedQueue<Long> taken, AtomicLong lost) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/v1/images/generations");
    while (!done.get()) {
      String body = Prompts.body(number.incrementAndGet(), FixedUpstream.LARGE);
      long since = System.nanoTime();
      try {
        HttpRequest request =
            HttpRequest.newBuilder(uri)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
          lost.incrementAndGet();
        }
      } catch (IOException e) {
        lost.incrementAndGet();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      taken.add(System.nanoTime() - since);
    }
  }

  /** Writes the configuration, and the two versions, which differ in what their cards say only. */
  private Path write(Path root) throws IOException {
    Path config = Guard.SWAP.write(folder, root, port, adminPort, upstreamPort);
    Path models = Files.createDirectories(folder.resolve("models").resolve(ColourModel.NAME));
    Path plain = folder.resolve("plain");
    ColourModel.writeInto(plain);
    Path source = plain.resolve(ColourModel.NAME);
    String card = Files.readString(source.resolve("model.yaml"));
    for (int version = 1; version <= 2; version++) {
      Path into = Files.createDirectories(models.resolve("v" + version));
      Files.copy(source.resolve("model.onnx"), into.resolve("model.onnx"));
      String own = card.replace("by Sallyport itself", "by Sallyport itself, version " + version);
      Files.writeString(into.resolve("model.yaml"), own);
      digests.add(digest(own));
    }
    Files.writeString(models.resolve("active"), digests.getFirst());
    return config;
  }

  /** Of what a card means, not of its bytes. */
  private static String digest(String card) {
    return YamlFile.parse("model.yaml", card.getBytes(StandardCharsets.UTF_8), new Problems())
        .map(root -> Digests.canonical(root.asPlain()))
        .orElseThrow();
  }

  private Child start(List<String> command, String name) throws IOException {
    return Child.start(
        List.of(), command, Map.of("SALLYPORT_JAVA_OPTS", "-Xmx1g"), folder.resolve(name + ".log"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void activate(String digest)
      throws IOException, InterruptedException, ExecutionFailedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                admin("/api/v1/models/" + ColourModel.NAME + "/versions/" + digest + ":activate"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new ExecutionFailedException("a swap was refused: " + answer.body());
    }
  }

  private URI admin(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }
}
