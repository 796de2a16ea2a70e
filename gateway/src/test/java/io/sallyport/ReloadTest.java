package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.testing.FakeUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies change under a running gateway, whole or not at all. */
class ReloadTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";
  private static final String MILD = GatewayFiles.POLICY.replace("verdict: block", "verdict: flag");
  private static final String BROKEN =
      """
      policy: default
      detectors: [terms]
      rules:
        - id: stand-in-term
          stage: nowhere
          category: stand-in
          when: {score: {label: nothing-says-this, at_least: 7}}
          verdict: maybe
      """;
  private static final String NO_WATCH = "policies: {dir: policies, watch: false}\n";

  @TempDir Path dir;
  private GatewayFiles files;
  private FakeUpstream upstream;
  private RealGateway gateway;

  @BeforeEach
  void layOut() throws Exception {
    upstream = new FakeUpstream((request, connection) -> connection.json(REPLY));
    files = new GatewayFiles(dir);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    upstream.close();
  }

  private void start(String more) throws Exception {
    gateway = RealGateway.start(files.config(upstream.port(), more));
  }

  private int ask(String prompt) throws Exception {
    return gateway.generate(prompt(prompt)).status();
  }

  private Answer reload() throws Exception {
    return gateway.post(gateway.adminUrl() + "/api/v1/policies:reload", "{}");
  }

  private String digest() throws Exception {
    return gateway
        .get(gateway.adminUrl() + "/api/v1/status")
        .json()
        .get("policies")
        .get(0)
        .get("digest")
        .asString();
  }

  @Test
  void aChangedPolicyFileTakesEffectByItself() throws Exception {
    start("");
    assertThat(ask("a zeppelin")).isEqualTo(400);
    String before = digest();
    files.policy("default", MILD);
    Poll.until("the mild policy is in force", () -> ask("a zeppelin") == 200);
    assertThat(digest()).isNotEqualTo(before);
    assertThat(gateway.decisions().getLast().decision().policyDigest()).isEqualTo(digest());
    assertThat(gateway.metrics()).contains("digest=\"" + digest()).doesNotContain(before);
    assertThat(gateway.lifecycle("policy_loaded").getLast().details())
        .containsEntry("policy.default", digest());
  }

  @Test
  void aChangedTermListTakesEffectByItself() throws Exception {
    start("");
    assertThat(ask("a bicycle")).isEqualTo(200);
    files.terms("{lexicon: stand-ins, labels: {zeppelin: [zeppelin, bicycle]}}");
    Poll.until("the new term is in force", () -> ask("a bicycle") == 400);
  }

  @Test
  void anAdminCallLoadsAtOnce() throws Exception {
    start(NO_WATCH);
    files.policy("default", MILD);
    assertThat(ask("a zeppelin")).isEqualTo(400);
    Answer answer = reload();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("status").asString()).isEqualTo("loaded");
    assertThat(ask("a zeppelin")).isEqualTo(200);
    assertThat(gateway.metric("sallyport_policy_reloads_total", "result=\"loaded\"")).isEqualTo(1);
  }

  @Test
  void aBrokenFileKeepsTheOldPolicyRunningAndIsTold() throws Exception {
    start(NO_WATCH);
    String before = digest();
    files.policy("default", BROKEN);
    Answer answer = reload();
    assertThat(answer.status()).isEqualTo(422);
    String file = dir.resolve("policies/default.yaml").toString();
    List<String> problems = new ArrayList<>();
    answer.json().get("problems").forEach(problem -> problems.add(problem.asString()));
    assertThat(problems)
        .allMatch(problem -> problem.startsWith(file + ":"))
        .anyMatch(problem -> problem.startsWith(file + ":5: "))
        .anyMatch(problem -> problem.startsWith(file + ":7: "))
        .anyMatch(problem -> problem.startsWith(file + ":8: "));
    assertThat(ask("a zeppelin")).isEqualTo(400);
    assertThat(ask("a house")).isEqualTo(200);
    assertThat(digest()).isEqualTo(before);
    assertThat(gateway.metric("sallyport_policy_reloads_total", "result=\"refused\"")).isEqualTo(1);
    assertThat(gateway.lifecycle("policy_refused"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.details())
                    .containsEntry("problems", Integer.toString(problems.size())));
    files.policy("default", MILD);
    assertThat(reload().status()).isEqualTo(200);
    assertThat(ask("a zeppelin")).isEqualTo(200);
  }

  @Test
  void aBrokenFileThatIsFoundByItselfKeepsTheOldPolicyAndMendingItHelps() throws Exception {
    start("");
    files.policy("default", "policy: default\ndetectors: [terms\n");
    Poll.until(
        "the broken file was seen",
        () -> gateway.metric("sallyport_policy_reloads_total", "result=\"refused\"") >= 1);
    assertThat(ask("a zeppelin")).isEqualTo(400);
    files.policy("default", MILD);
    Poll.until("the mended file is in force", () -> ask("a zeppelin") == 200);
  }

  /** What an editor or a mount does between two looks must not end the looking. */
  @Test
  void aFolderThatVanishesAndComesBackIsLoadedAgain() throws Exception {
    start("");
    Files.move(dir.resolve("policies"), dir.resolve("elsewhere"));
    Poll.until(
        "the missing folder was seen",
        () -> gateway.metric("sallyport_policy_reloads_total", "result=\"refused\"") >= 1);
    assertThat(ask("a zeppelin")).isEqualTo(400);
    Files.writeString(dir.resolve("elsewhere/default.yaml"), MILD);
    Files.move(dir.resolve("elsewhere"), dir.resolve("policies"));
    Poll.until("the folder is back", () -> ask("a zeppelin") == 200);
  }

  /** The way in which releases and mounted volumes are switched. */
  @Test
  void aFolderBehindALinkThatIsSwitchedIsLoaded() throws Exception {
    Path first = dir.resolve("release-1");
    Path second = Files.createDirectories(dir.resolve("release-2"));
    Files.move(dir.resolve("policies"), first);
    Files.writeString(second.resolve("default.yaml"), MILD);
    Path link = Files.createSymbolicLink(dir.resolve("policies"), first);
    start("");
    assertThat(ask("a zeppelin")).isEqualTo(400);
    Path next = Files.createSymbolicLink(dir.resolve("next"), second);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
    Poll.until("the other folder is in force", () -> ask("a zeppelin") == 200);
  }

  /** A reload between the gates splits no exchange. */
  @Test
  void anExchangeIsJudgedToItsEndByThePolicyThatItBeganWith() throws Exception {
    start(NO_WATCH);
    String before = digest();
    CountDownLatch go = new CountDownLatch(1);
    upstream.script(
        (request, connection) -> {
          upstream.event("there");
          go.await();
          connection.json(REPLY);
        });
    FutureTask<Answer> running = new FutureTask<>(() -> gateway.generate(prompt("a house")));
    Thread.ofPlatform().start(running);
    assertThat(upstream.await("there")).isTrue();
    files.policy("default", MILD);
    assertThat(reload().status()).isEqualTo(200);
    go.countDown();
    assertThat(running.get().status()).isEqualTo(200);
    assertThat(gateway.decisions(running.get()))
        .hasSize(2)
        .allMatch(row -> row.decision().policyDigest().equals(before));
    assertThat(digest()).isNotEqualTo(before);
  }

  @Test
  void noRequestFailsDuringFiftyReloadsAndEachNamesOneDigestThatWasInForce() throws Exception {
    start(NO_WATCH);
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    List<FutureTask<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FutureTask<Void> client =
          new FutureTask<>(
              () -> {
                for (int n = 0; !done.get(); n++) {
                  answers.add(gateway.generate(prompt(n % 4 == 0 ? "a zeppelin" : "a house " + n)));
                }
                return null;
              });
      clients.add(client);
      Thread.ofPlatform().start(client);
    }
    for (int i = 0; i < 50; i++) {
      files.policy("default", GatewayFiles.POLICY.replace("0.5", "0." + (400 + i)));
      assertThat(reload().status()).isEqualTo(200);
    }
    done.set(true);
    for (Future<Void> client : clients) {
      client.get();
    }
    Set<String> inForce = new HashSet<>();
    gateway
        .lifecycle("policy_loaded")
        .forEach(event -> inForce.add(event.details().get("policy.default")));
    assertThat(inForce).hasSize(51);
    assertThat(answers).extracting(Answer::status).containsOnly(200, 400);
    Set<String> met = new HashSet<>();
    for (Answer answer : answers) {
      List<AuditEvent.Decided> rows = gateway.decisions(answer);
      assertThat(rows).hasSize(answer.status() == 200 ? 2 : 1);
      Set<String> digests = new HashSet<>();
      rows.forEach(row -> digests.add(row.decision().policyDigest()));
      assertThat(digests).hasSize(1);
      met.addAll(digests);
    }
    assertThat(inForce).containsAll(met);
    assertThat(met).as("digests that the load met").hasSizeGreaterThan(5);
  }
}
