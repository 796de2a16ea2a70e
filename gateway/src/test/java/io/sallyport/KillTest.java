package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditRow;
import io.sallyport.audit.AuditSearch;
import io.sallyport.audit.AuditVerifier;
import io.sallyport.audit.VerifyResult;
import io.sallyport.policy.Verdict;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real command in a process of its own: killed under load, and asked to stop. */
class KillTest {
  private static final int ROUNDS = 5;
  private static final int CLIENTS = 4;
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";

  @TempDir Path dir;
  private FakeUpstream upstream;
  private Path config;

  @BeforeEach
  void layOut() throws Exception {
    upstream = new FakeUpstream((request, connection) -> connection.json(REPLY));
    config = new GatewayFiles(dir).config(upstream.port(), "drain: 20s\n");
  }

  @AfterEach
  void stop() throws Exception {
    upstream.close();
  }

  /** I2: recorded before answered, whenever the process dies. */
  @Test
  void noDecisionIsLostWhoseAnswerAClientReceived() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> answered = new ConcurrentHashMap<>();
    int broken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String which = "round " + round + ", seed " + seed;
      int enough = answered.size() + random.nextInt(20, 300);
      boolean locked = round % 2 == 1;
      try (GatewayProcess gateway = GatewayProcess.serve(config)) {
        broken += load(gateway, answered, enough, locked);
      }
      assertThat(verify()).as(which).isInstanceOf(VerifyResult.Whole.class);
      assertRecorded(which, answered);
    }
    try (GatewayProcess gateway = GatewayProcess.serve(config)) {
      assertThat(gateway.alive()).as("it starts again").isTrue();
      assertThat(verify()).isInstanceOf(VerifyResult.Whole.class);
    }
    assertThat(answered).hasSizeGreaterThan(100).containsValue(200).containsValue(400);
    assertThat(broken).as("requests that the kill broke off").isPositive();
  }

  /**
   * Loads the gateway and kills it once so many answers came; how many requests that broke.
   *
   * @param locked kills it while the record cannot be written: what is answered then would be lost
   *     for certain, where otherwise the writer is fast enough to hide it
   */
  private int load(
      GatewayProcess gateway, Map<String, Integer> answered, int enough, boolean locked)
      throws Exception {
    AtomicInteger broken = new AtomicInteger();
    AtomicBoolean killed = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String text = i % 2 == 0 ? "a zeppelin " : "a house ";
      clients.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (HttpClient client = client()) {
                      for (int n = 0; !killed.get(); n++) {
                        ask(client, gateway, text + n, answered);
                      }
                    } catch (IOException e) {
                      broken.incrementAndGet();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    Poll.until(enough + " answers", () -> answered.size() >= enough);
    if (locked) {
      killLocked(gateway, answered);
    } else {
      gateway.kill();
    }
    killed.set(true);
    for (Thread client : clients) {
      client.join();
    }
    return broken.get();
  }

  private void killLocked(GatewayProcess gateway, Map<String, Integer> answered) throws Exception {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("audit/audit.db"));
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("BEGIN IMMEDIATE");
      AtomicInteger before = new AtomicInteger(-1);
      AtomicInteger still = new AtomicInteger();
      Poll.until(
          "nobody is answered while the record cannot be written",
          () -> {
            int now = answered.size();
            return now == before.getAndSet(now)
                ? still.incrementAndGet() == 10
                : still.getAndSet(0) < 0;
          });
      gateway.kill();
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Notes an answer only when all of it has arrived. */
  private static void ask(
      HttpClient client, GatewayProcess gateway, String prompt, Map<String, Integer> answered)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/images/generations"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(prompt(prompt)))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 503) {
      answered.put(answer.headers().firstValue("x-request-id").orElseThrow(), answer.statusCode());
    }
  }

  private void assertRecorded(String round, Map<String, Integer> answered) {
    Map<String, List<Verdict>> recorded = new HashMap<>();
    new AuditSearch(dir.resolve("audit"))
        .export(
            List.of(),
            row -> {
              if (row.event() instanceof AuditEvent.Decided decided) {
                recorded
                    .computeIfAbsent(decided.request().requestId(), id -> new ArrayList<>())
                    .add(decided.decision().verdict());
              }
            });
    answered.forEach(
        (id, status) ->
            assertThat(recorded.get(id))
                .as("%s: %s, answered %d", round, id, status)
                .isEqualTo(
                    switch (status) {
                      case 200 -> List.of(Verdict.ALLOW, Verdict.ALLOW);
                      case 400 -> List.of(Verdict.BLOCK);
                      default -> throw new AssertionError("status " + status);
                    }));
  }

  @Test
  void askedToStopItFinishesWhatRunsAndTakesNothingNew() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    upstream.script(
        (request, connection) -> {
          upstream.event("there");
          go.await();
          connection.json(REPLY);
        });
    try (GatewayProcess gateway = GatewayProcess.serve(config);
        RawClient running = new RawClient(gateway.port())) {
      running.send(generation());
      assertThat(upstream.await("there")).isTrue();
      gateway.terminate();
      Poll.until("it drains", () -> draining(gateway));
      assertThat(refused(gateway.port())).isTrue();
      assertThat(gateway.alive()).isTrue();
      go.countDown();
      RawClient.Answer answer = running.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo(REPLY);
      assertThat(gateway.exitCode()).as("128 + SIGTERM, as the JDK does").isEqualTo(143);
      assertThat(gateway.err()).doesNotContain("closing failed");
    }
    assertThat(verify()).isInstanceOf(VerifyResult.Whole.class);
    List<String> actions = new ArrayList<>();
    new AuditSearch(dir.resolve("audit")).export(List.of(), row -> actions.add(action(row)));
    assertThat(actions).startsWith("started", "policy_loaded").endsWith("stopped");
    assertThat(actions.stream().filter("decided"::equals)).hasSize(2);
  }

  /** A stop may not wait for ever: after the drain time the process ends all the same. */
  @Test
  void askedToStopItEndsThoughARequestHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    upstream.script(
        (request, connection) -> {
          upstream.event("there");
          never.await();
        });
    config = new GatewayFiles(dir).config(upstream.port(), "drain: 500ms\n");
    try (GatewayProcess gateway = GatewayProcess.serve(config);
        RawClient running = new RawClient(gateway.port())) {
      running.send(generation());
      assertThat(upstream.await("there")).isTrue();
      gateway.terminate();
      assertThat(gateway.exitCode()).isEqualTo(143);
    } finally {
      never.countDown();
    }
    assertThat(verify()).isInstanceOf(VerifyResult.Whole.class);
  }

  private static boolean draining(GatewayProcess gateway) throws Exception {
    try (HttpClient client = client()) {
      URI ready = URI.create(gateway.adminUrl() + "/health/ready");
      return client
          .send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .contains("\"serving\":false");
    }
  }

  private static boolean refused(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      RawClient.Answer answer = client.send(generation()).read();
      return answer.status() == 503 && answer.header("retry-after") != null;
    } catch (ConnectException e) {
      return true;
    }
  }

  private static String action(AuditRow row) {
    return switch (row.event()) {
      case AuditEvent.Lifecycle lifecycle -> lifecycle.action();
      case AuditEvent.Decided decided -> "decided";
      case AuditEvent.Refused refused -> "refused";
      case AuditEvent.Challenged challenged -> "challenged";
    };
  }

  private VerifyResult verify() {
    return AuditVerifier.verify(dir.resolve("audit"), rows -> {});
  }

  private static String generation() {
    String body = prompt("a house");
    return "POST /v1/images/generations HTTP/1.1\r\n"
        + "Host: g\r\n"
        + "Content-Type: application/json\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
