package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.cli.CommandRun;
import io.sallyport.detect.onnx.convert.NsfwjsTarball;
import io.sallyport.testing.Exports;
import io.sallyport.testing.MarkdownFile;
import io.sallyport.testing.ShellBlock;
import io.sallyport.testing.StandInColours;
import io.sallyport.testing.TowerExports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks through models-README.md as a stranger does: every statement of every shell block, in the
 * order of the page, in one empty folder that holds what the page says that a reader brings.
 *
 * <p>Not to the letter are three things. {@code serve} would wait until it is told to stop, so the
 * same gateway is started in this process, on ports that are free and with a deadline for a busy
 * machine; {@code curl} is asked by Java's client, of those ports; and {@code DIGEST} becomes the
 * version's. {@code import nsfwjs} needs npm and is run by a test of its own.
 */
class ModelsManualTest {
  private static final String SALLYPORT = "gateway/bin/sallyport ";
  private static final Set<String> PATHS_FOLLOW =
      Set.of("--models", "--out", "--vectors", "--config", "--package");

  @TempDir Path dir;
  private RealGateway gateway;

  /** What each statement answered: what it printed, or the body. */
  private final Map<String, String> told = new LinkedHashMap<>();

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void everyCommandOfThePageRunsInItsOrder() throws Exception {
    bring();
    List<String> statements = statements();
    assertThat(statements.getFirst()).as("a fresh export comes first").contains("models import");
    for (String statement : statements) {
      if (!needsNpm(statement)) {
        run(statement);
      }
    }
    assertThat(told).hasSize(statements.size() - 2);
    assertTold(
        "models import exports/roberta-base --models site",
        "self-test   passed",
        "site/models/airships/model.yaml");
    assertTold("models verify site/models/airships", "text-classifier, labels [airship, bicycle");
    assertTold("policy test site/policies", "2 cases, 0 differ");
    assertTold("a zeppelin over the harbour", "\"flagged\":true");
    assertTold("a green square\"}", "\"flagged\":false");
    assertTold("models list --models models", "magenta", "colour-words", "latency  p50");
    assertTold("models list --config site/sallyport.yaml", "airships", "latency  p50");
    assertTold("api/v1/models\n", "available", digest());
    assertTold(":activate", digest());
    assertTold("models verify models/dogs", "head on all-minilm-l6-v2-int8, labels [dog]");
    assertTold("models calibrate", "calibration: {airship: {platt: [-");
    assertThat(gateway.lifecycle("model_activated")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(gateway.lifecycle("model_rolled_back")).hasSize(1);
  }

  /** Both ways to the same folder; the second finds it there, and asks npm for nothing. */
  @Test
  void whatNeedsNpmRunsToo() throws Exception {
    Files.copy(NsfwjsTarball.get(), dir.resolve("nsfwjs-4.4.0.tgz"));
    List<String> statements = statements().stream().filter(ModelsManualTest::needsNpm).toList();
    assertThat(statements).hasSize(2);
    for (String statement : statements) {
      run(statement);
    }
    assertThat(told.values().toString()).contains("written to ", "already there: ");
  }

  private static boolean needsNpm(String statement) {
    return statement.startsWith(SALLYPORT + "models import nsfwjs ");
  }

  private static List<String> statements() throws IOException {
    return MarkdownFile.read("models-README.md").blocks("sh").stream()
        .flatMap(block -> ShellBlock.statements(block).stream())
        .toList();
  }

  /** What a reader brings: exports, models, lists of texts and what is true of them. */
  private void bring() throws IOException {
    for (String export : List.of("roberta-base", "roberta-2026-12")) {
      new Exports.Text(
              export,
              "roberta",
              "RobertaForSequenceClassification",
              "roberta",
              List.of("input_ids", "attention_mask"),
              "model.onnx",
              "\"problem_type\": \"multi_label_classification\",")
          .writeClassifier(dir.resolve("exports"));
    }
    TowerExports.clip(0).write(dir.resolve("exports"));
    StandInColours.writeInto(dir.resolve("models"));
    MarkdownFile page = MarkdownFile.read("models-README.md");
    write("colours.txt", page.section("### Concepts of pictures").blocks("text").getFirst());
    Files.createDirectories(dir.resolve("policies/concepts"));
    StringBuilder prompts = new StringBuilder();
    StringBuilder labels = new StringBuilder();
    StringBuilder rows = new StringBuilder();
    for (int i = 1; i <= 40; i++) {
      boolean even = i % 2 == 0;
      prompts.append(even ? "a dog runs on field " : "a teapot stands on table ").append(i);
      prompts.append('\n');
      labels.append(i).append(even ? "\tdog\n" : "\t\n");
      rows.append(even ? "a zeppelin over bay " + i + "\tairship\n" : "a green square\t\n");
    }
    write("prompts.txt", prompts.toString());
    write("labels.tsv", labels.toString());
    write("rows.tsv", rows.toString());
  }

  private void run(String statement) throws Exception {
    String answer;
    if (statement.startsWith(SALLYPORT + "serve ")) {
      answer = serve(ShellBlock.words(statement));
    } else if (statement.startsWith(SALLYPORT)) {
      answer = sallyport(statement);
    } else if (statement.startsWith("curl ")) {
      answer = curl(ShellBlock.words(statement.replace("DIGEST", digest())));
    } else {
      answer = shell(statement);
    }
    assertThat(told.put(statement + "\n", answer)).as("twice: %s", statement).isNull();
  }

  private String sallyport(String statement) {
    List<String> words = ShellBlock.words(statement.substring(SALLYPORT.length()));
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Path there = dir.resolve(words.get(i));
      boolean path = i > 1 && (PATHS_FOLLOW.contains(words.get(i - 1)) || Files.exists(there));
      arguments.add(path ? there : words.get(i));
    }
    CommandRun run = CommandRun.of(arguments.toArray());
    assertThat(run.err()).as(statement).isEmpty();
    assertThat(run.exit()).as(statement + run.out()).isZero();
    return run.out();
  }

  private String serve(List<String> words) throws IOException {
    Path config = dir.resolve(words.getLast());
    String free =
        Files.readString(config)
            + "listen: {port: 0}\nadmin: {port: 0}\nlane: {prompt_deadline: 60s}\n";
    gateway = RealGateway.start(Files.writeString(config.resolveSibling("free-ports.yaml"), free));
    return "ready";
  }

  private String curl(List<String> words) throws Exception {
    List<String> headers = new ArrayList<>();
    String url = "";
    String method = "GET";
    String body = "";
    for (int i = 1; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-s" -> {}
        case "-X" -> method = words.get(++i);
        case "-H" -> headers.addAll(List.of(words.get(++i).split(": ", 2)));
        case "-d" -> {
          body = words.get(++i);
          method = "POST";
        }
        case String word -> {
          assertThat(url).isEmpty();
          url = word;
        }
      }
    }
    String here =
        url.replace("http://127.0.0.1:8080", gateway.url())
            .replace("http://127.0.0.1:9090", gateway.adminUrl());
    assertThat(here).isNotEqualTo(url);
    assertThat(headers).isEqualTo(method.equals("POST") ? jsonType() : List.of());
    Answer answer = method.equals("POST") ? gateway.post(here, body) : gateway.get(here);
    assertThat(answer.status()).as(url + " " + answer.text()).isEqualTo(200);
    return answer.text();
  }

  /** What {@link RealGateway#post} says of itself. */
  private static List<String> jsonType() {
    return List.of("content-type", "application/json");
  }

  private String shell(String statement) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-euc", statement)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(statement + out).isZero();
    return out;
  }

  /** The digest of the version that the page puts beside the first; empty before that. */
  private String digest() {
    Path version = dir.resolve("site/models/airships/2026-12");
    if (!Files.exists(version)) {
      return "";
    }
    return CommandRun.of("models", "verify", version)
        .out()
        .lines()
        .filter(line -> line.startsWith("  digest "))
        .map(line -> line.substring("  digest ".length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private void assertTold(String statement, String... parts) {
    List<String> answers =
        told.entrySet().stream()
            .filter(entry -> entry.getKey().contains(statement))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(answers).as(statement).hasSize(1);
    assertThat(answers.getFirst()).as(statement).contains(parts);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(dir.resolve(file), text);
  }
}
