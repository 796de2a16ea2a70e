package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.cli.CommandRun;
import io.sallyport.demo.StandInImageService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A head from a list of labelled prompts to verdicts: prompts about dogs against prompts about
 * anything else, embedded, trained, loaded into a gateway, and asked over HTTP about the rows that
 * its training never saw.
 */
class HeadGateTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [prompt-dogs]
      rules:
        - id: stand-in-dog
          stage: prompt
          category: stand-in
          when: {score: {label: dog, at_least: 0.5}}
          verdict: block
      """;
  private static final String CONFIG =
      """
      detectors: {prompt-dogs: {kind: head, model: dogs}}
      models: {dir: models}
      lane: {prompt_deadline: 60s, image_deadline: 60s}
      """;

  @TempDir private Path dir;

  @Test
  void reachesTheAccuracyThatItPrintedOnRowsHeldOut() throws Exception {
    List<String[]> rows = rows();
    double printed = train(rows);
    Path heldOut = dir.resolve("models/dogs/held-out.tsv");
    List<String> judged =
        Files.readAllLines(heldOut).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(judged).hasSize(60);
    int right = 0;
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway =
            RealGateway.start(
                new GatewayFiles(dir).policy("default", POLICY).config(upstream.port(), CONFIG))) {
      for (String line : judged) {
        String[] columns = line.split("\t", -1);
        String[] row = rows.get(Integer.parseInt(columns[0]) - 1);
        assertThat(columns[2]).isEqualTo(row[0]);
        int status = gateway.generate(small(row[1])).status();
        assertThat(status).isIn(200, 400);
        right += (status == 400) == row[0].equals("dog") ? 1 : 0;
      }
    }
    assertThat((double) right / judged.size()).isCloseTo(printed, within(5e-5));
    assertThat(printed).as("better than chance by far").isGreaterThan(0.8);
  }

  /** Embeds and trains as an operator does; the accuracy that was printed. */
  private double train(List<String[]> rows) throws IOException {
    StringBuilder texts = new StringBuilder();
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      texts.append(rows.get(i)[1]).append('\n');
      labels.append(i + 1).append('\t').append(rows.get(i)[0]).append('\n');
    }
    Path list = Files.writeString(dir.resolve("prompts.txt"), texts);
    Path truth = Files.writeString(dir.resolve("labels.tsv"), labels);
    Path vectors = dir.resolve("prompts");
    CommandRun embed =
        CommandRun.of(
            "models", "embed", list, "--model", "all-minilm-l6-v2-int8", "--out", vectors);
    assertThat(embed.err()).isEmpty();
    assertThat(Files.readString(dir.resolve("prompts.json")))
        .as("no content, only digests")
        .doesNotContain("dog", "lighthouse");
    CommandRun head =
        CommandRun.of(
            "models", "head", truth, "--vectors", vectors, "--out", dir.resolve("models/dogs"));
    assertThat(head.err()).isEmpty();
    String line = head.out().lines().filter(it -> it.startsWith("dog ")).findFirst().orElseThrow();
    return Double.parseDouble(line.split("\\s+")[3]);
  }

  private static String small(String text) {
    return prompt(text).replace("}", ",\"size\":\"256x256\"}");
  }

  private static List<String[]> rows() throws IOException {
    try (InputStream in = HeadGateTest.class.getResourceAsStream("cli/dogs.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .toList();
    }
  }
}
