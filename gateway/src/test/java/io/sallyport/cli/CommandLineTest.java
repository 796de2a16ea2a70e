package io.sallyport.cli;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.GatewayFiles;
import io.sallyport.RealGateway;
import io.sallyport.RealGateway.Answer;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.StandInClassifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every command but those that serve: what it prints, and its exit code. */
class CommandLineTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";

  @TempDir Path dir;

  private static Run run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int exit = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Run(exit, out.toString(), err.toString());
  }

  private record Run(int exit, String out, String err) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--no-such-option",
        "no-such-command",
        "serve",
        "serve --config",
        "check",
        "check --config x --no-such-option",
        "audit",
        "audit verify",
        "audit verify --data a --config b",
        "audit search --data . --verdict maybe",
        "audit search --data . --category no/such",
        "audit search --data . --stage nowhere",
        "audit search --data . --since yesterday",
        "audit search --data . --limit 0",
        "audit search --data . --limit many",
        "policy",
        "policy test",
        "models",
        "models import nothing --models DIR",
        "models import magenta",
        "models list",
        "models bench x --seconds 0",
        "demo --port here"
      })
  void usedWronglyItExplainsItselfAndExitsWithTwo(String line) {
    String[] words =
        line.isEmpty() ? new String[0] : line.replace("DIR", dir.toString()).split(" ");
    Run run = run((Object[]) words);
    assertThat(run.exit).isEqualTo(2);
    assertThat(run.out).isEmpty();
    assertThat(run.err)
        .containsPattern("Usage: sallyport|Did you mean: sallyport")
        .doesNotContain("\tat ");
  }

  @Test
  void helpAndVersionAreNoErrors() {
    assertThat(run("--version").out).startsWith("sallyport ").contains("Java 25").hasLineCount(1);
    for (String command : List.of("", "serve ", "audit search ", "models import ", "demo ")) {
      Run run = run((Object[]) (command + "--help").split(" "));
      assertThat(run.exit).as(command).isZero();
      assertThat(run.out).startsWith("Usage: sallyport");
    }
  }

  @Test
  void checkFindsNothingWrongWithAGoodConfiguration() throws Exception {
    Run run = run("check", "--config", new GatewayFiles(dir).config(1, ""));
    assertThat(run.err).isEmpty();
    assertThat(run.out.strip()).isEqualTo("no problems");
    assertThat(run.exit).isZero();
    assertThat(dir.resolve("audit")).as("a check touches no record").doesNotExist();
  }

  @Test
  void checkTellsEveryProblemOfEveryFileAtOnce() throws Exception {
    GatewayFiles files = new GatewayFiles(dir);
    files.policy("default", GatewayFiles.POLICY.replace("stage: prompt", "stage: nowhere"));
    files.policy(
        "second",
        GatewayFiles.POLICY
            .replace("policy: default", "policy: second")
            .replace("at_least: 0.5", "at_least: 7"));
    files.terms("lexicon: stand-ins\nlabels: {zeppelin: [zeppelin, '...']}\n");
    Files.createDirectories(dir.resolve("models/broken"));
    files.write("models/broken/model.yaml", "model: broken\nkind: oracle\n");
    Path config =
        files.config(
            1,
            """
            nonsense: true
            limits: {request: many, texts: 3}
            detectors:
              terms: {kind: lexicon, file: terms.yaml}
              missing: {kind: lexicon, file: no-such-file.yaml}
              image: {kind: image-classifier, model: broken}
              absent: {kind: image-classifier, model: no-such-model}
            """);
    Run run = run("check", "--config", config);
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.out).isEmpty();
    List<String> lines = run.err.lines().toList();
    assertThat(lines.getLast()).isEqualTo(lines.size() - 1 + " problems");
    for (String start :
        List.of(
            config + ":6: ",
            config + ":7: ",
            config + ":10: ",
            dir.resolve("policies/default.yaml") + ":5: ",
            dir.resolve("policies/second.yaml") + ":7: ",
            dir.resolve("terms.yaml") + ":2: ",
            dir.resolve("models/broken/model.yaml") + ":2: ",
            dir.resolve("models/no-such-model/model.yaml") + ": ")) {
      assertThat(lines).as(start).anyMatch(line -> line.startsWith(start));
    }
    assertThat(run.err).doesNotContain("\tat ");
  }

  @Test
  void aConfigurationThatIsNotThereOrNotYamlIsOneProblem() throws Exception {
    Path absent = dir.resolve("absent.yaml");
    for (String command : List.of("check", "serve")) {
      Run run = run(command, "--config", absent);
      assertThat(run.exit).isEqualTo(1);
      assertThat(run.err).startsWith(absent.toString()).endsWith("1 problem\n").hasLineCount(2);
    }
    Path broken = Files.writeString(dir.resolve("broken.yaml"), "listen: {port: 1\n");
    Run run = run("check", "--config", broken);
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.err).startsWith(broken + ":").endsWith("1 problem\n");
  }

  @Test
  void theShippedPoliciesPassTheirCases() {
    Run run = run("policy", "test", RealGateway.POLICIES);
    assertThat(run.err).isEmpty();
    assertThat(run.out).matches("[1-9]\\d+ cases, 0 differ\n");
    assertThat(run.exit).isZero();
  }

  @Test
  void aCaseThatComesOutDifferentlyIsToldWithItsPlace() throws Exception {
    Path copy = dir.resolve("policies");
    copy(RealGateway.POLICIES, copy);
    Path cases = copy.resolve("cases/demo.yaml");
    String text = Files.readString(cases);
    Files.writeString(cases, text.replaceFirst("verdict: block", "verdict: allow"));
    Run run = run("policy", "test", copy);
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.out).contains(cases + ":", "the stand-in word is refused", " cases, 1 differ");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void theRecordIsReadBesideARunningGatewayAndAfterIt() throws Exception {
    Path config;
    try (FakeUpstream upstream = new FakeUpstream((request, line) -> line.json(REPLY))) {
      config = new GatewayFiles(dir).config(upstream.port(), "");
      try (RealGateway gateway = RealGateway.start(config)) {
        Answer allowed = gateway.generate(prompt("a house"));
        Answer refused = gateway.generate(prompt("a zeppelin"));
        for (Object[] where : new Object[][] {{"--config", config}, {"--data", dir}}) {
          assertThat(run("audit", "verify", where[0], where[1]).out)
              .startsWith("whole: 5 rows, head 5 ");
          assertSearch(where, 1, "--verdict", "block");
          assertSearch(where, 2, "--verdict", "allow");
          assertSearch(where, 1, "--category", "stand-in");
          assertSearch(where, 2, "--stage", "prompt");
          assertSearch(where, 3, "--caller", "anonymous");
          assertSearch(where, 0, "--caller", "somebody");
          assertSearch(where, 2, "--request", allowed.requestId());
          assertSearch(where, 5, "--since", "1h");
          assertSearch(where, 0, "--until", "1h");
          assertSearch(where, 1, "--limit", "1");
        }
        Run lines = run("audit", "search", "--data", dir, "--category", "stand-in");
        assertThat(lines.out)
            .hasLineCount(1)
            .contains("block", "prompt", "stand-in-term", "anonymous", refused.requestId());
        Run export = run("audit", "export", "--data", dir);
        assertThat(export.out).hasLineCount(5).startsWith("{\"seq\":1,").doesNotContain("house");
      }
    }
    Run verify = run("audit", "verify", "--config", config);
    assertThat(verify.out).startsWith("whole: 6 rows");
    assertThat(verify.exit).isZero();
  }

  private static void assertSearch(Object[] where, int rows, String filter, String value) {
    Run run = run("audit", "search", where[0], where[1], "--json", filter, value);
    assertThat(run.exit).isZero();
    assertThat(run.err).isEmpty();
    List<String> lines = run.out.lines().toList();
    assertThat(lines).as("%s %s", filter, value).hasSize(rows);
    for (String line : lines) {
      JsonNode row = JsonMapper.shared().readTree(line);
      assertThat(row.get("seq").isNumber()).isTrue();
      assertThat(row.get("hash").asString()).matches("[0-9a-f]{64}");
      assertThat(row.get("event").isObject()).isTrue();
    }
  }

  @Test
  void aChangedRowIsToldAndIsAnError() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream((request, line) -> line.json(REPLY));
        RealGateway gateway =
            RealGateway.start(new GatewayFiles(dir).config(upstream.port(), ""))) {
      gateway.generate(prompt("a zeppelin"));
    }
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("audit/audit.db"));
        Statement statement = database.createStatement()) {
      statement.execute("DROP TRIGGER IF EXISTS event_no_update");
      assertThat(
              statement.executeUpdate(
                  "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'block', 'allow') AS"
                      + " BLOB) WHERE seq = 3"))
          .isEqualTo(1);
    }
    Run run = run("audit", "verify", "--data", dir);
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.out).startsWith("BROKEN at row 3: ").hasLineCount(1);
  }

  @Test
  void aFolderWithoutARecordIsOneLine() {
    for (String command : List.of("verify", "search", "export")) {
      Run run = run("audit", command, "--data", dir);
      assertThat(run.exit).isEqualTo(1);
      assertThat(run.err).startsWith("sallyport: no record").contains(dir.toString());
      assertThat(run.err).hasLineCount(1);
    }
  }

  @Test
  void aModelIsImportedVerifiedAndListed() throws Exception {
    Path models = dir.resolve("models");
    assertThat(run("models", "import", "magenta", "--models", models).out)
        .isEqualTo("written to " + models.resolve("magenta") + "\n");
    assertThat(run("models", "import", "magenta", "--models", models).out)
        .startsWith("already there: ");
    Run verify = run("models", "verify", models.resolve("magenta"));
    assertThat(verify.exit).isZero();
    assertThat(verify.out).contains("image-classifier, 32x32", "Apache-2.0", "verified: ");
    Run list = run("models", "list", "--models", models);
    assertThat(list.exit).isZero();
    assertThat(list.out).contains("magenta\n", "all-minilm-l6-v2-int8\n", "digest ");
    assertThat(list.out).containsPattern("latency {2}p50 \\d+\\.\\d\\d ms, p99 .* ms \\(32x32\\)");
    Run bench = run("models", "bench", models.resolve("magenta"), "--seconds", "1");
    assertThat(bench.out)
        .containsPattern("32x32 +one caller: p50 \\d+\\.\\d\\d ms")
        .containsPattern("ONNX Runtime alone: p50 .* ms; ours takes \\d+\\.\\d\\d of its p50");
  }

  @Test
  void aTextClassifierIsVerifiedAndListed() throws Exception {
    Path models = dir.resolve("models");
    Run verify = run("models", "verify", StandInClassifier.writeInto(models));
    assertThat(verify.exit).as(verify.err).isZero();
    assertThat(verify.out).contains("text-classifier, labels [airship, bicycle]", "verified: ");
    assertThat(run("models", "list", "--models", models).out).contains("airships\n");
  }

  @Test
  void aChangedModelIsNotVerified() throws Exception {
    Path models = dir.resolve("models");
    run("models", "import", "magenta", "--models", models);
    Path file = models.resolve("magenta/model.onnx");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Run run = run("models", "verify", models.resolve("magenta"));
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.err).contains("magenta").doesNotContain("\tat ");
    assertThat(run("models", "verify", dir.resolve("absent")).err)
        .startsWith("sallyport: not a folder")
        .hasLineCount(1);
    assertThat(run("models", "list", "--models", dir.resolve("absent")).exit).isEqualTo(1);
  }

  @Test
  void aBusyPortIsOneLine() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (String section : List.of("listen", "admin")) {
        Path config =
            new GatewayFiles(dir).config(1, section + ": {port: " + busy.getLocalPort() + "}\n");
        Run run = run("serve", "--config", config);
        assertThat(run.exit).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err)
            .startsWith("sallyport: cannot listen on port ")
            .contains(Integer.toString(busy.getLocalPort()), "Choose another port")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void aRecordThatAnotherGatewayHoldsIsOneLine() throws Exception {
    Path config = new GatewayFiles(dir).config(1, "");
    try (RealGateway running = RealGateway.start(config)) {
      Run run = run("serve", "--config", config);
      assertThat(run.exit).isEqualTo(1);
      assertThat(run.err).startsWith("sallyport: ").hasLineCount(1);
      assertThat(running.get(running.adminUrl() + "/health/live").status()).isEqualTo(200);
    }
  }
}
