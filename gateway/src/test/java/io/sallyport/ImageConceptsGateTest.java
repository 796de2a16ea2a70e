package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.cli.CommandRun;
import io.sallyport.demo.StandInImageService;
import io.sallyport.signal.Signal;
import io.sallyport.testing.NoisyModels;
import io.sallyport.testing.StandInColours;
import io.sallyport.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image encoder with concept vectors, made by the text encoder of the same space, and a head on
 * it, from their folders to verdicts on drawn pictures. Red is forbidden here.
 */
class ImageConceptsGateTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [image-colours, image-reds]
      rules:
        - id: stand-in-concept
          stage: output_image
          category: stand-in
          when: {score: {label: %s, at_least: 0.8}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors:
        image-colours: {kind: image-concepts, model: colours, file: concepts.yaml}
        image-reds: {kind: head, model: reds}
      models: {dir: models}
      """;

  @TempDir private Path dir;
  private GatewayFiles files;

  @BeforeEach
  void embedTheWords() throws Exception {
    StandInColours.writeInto(dir.resolve("models"));
    files = new GatewayFiles(dir);
    files.write("words.txt", "a red circle\na green circle\na blue circle\n");
    CommandRun run =
        CommandRun.of(
            "models",
            "embed",
            dir.resolve("words.txt"),
            "--model",
            dir.resolve("models/" + StandInColours.WORDS),
            "--out",
            dir.resolve("words"));
    assertThat(run.err()).isEmpty();
    String sha256 = run.out().lines().filter(line -> line.contains("sha256")).findFirst().get();
    files.write(
        "concepts.yaml",
        """
        concepts: colours
        vectors: {prefix: words, sha256: "%s"}
        temperature: 0.05
        background: 0.3
        labels:
          reddish: {positive: [1], contrast: [2, 3]}
          greenish: {positive: [2]}
        """
            .formatted(sha256.strip().split("\\s+")[1]));
  }

  @Test
  void aConceptOfAPictureIsRefusedAndTheOthersPass() throws Exception {
    assertRefusesRed("reddish");
  }

  @Test
  void aHeadOnThePicturesVectorIsRefusedAndTheOthersPass() throws Exception {
    assertRefusesRed("red");
  }

  private void assertRefusesRed(String label) throws Exception {
    files.policy("default", POLICY.formatted(label));
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = RealGateway.start(files.config(upstream.port(), DETECTORS))) {
      assertThat(gateway.generate(prompt("a green circle")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("a blue circle")).status()).isEqualTo(200);
      Answer refused = gateway.generate(prompt("a red circle"));
      assertThat(refused.status()).isEqualTo(400);
      AuditEvent.Decided decided = gateway.decisions(refused).getLast();
      assertThat(decided.detectors()).containsOnlyKeys("image-colours", "image-reds");
      assertThat(decided.decision().evidence().own())
          .map(signal -> ((Signal.Score) signal).label())
          .contains("reddish", "greenish", "red");
    }
  }

  /** The model's vector is another one at every run, so equal scores come from one. */
  @Test
  void headsOnOneModelShareItsVectors() throws Exception {
    Path models = dir.resolve("models");
    NoisyModels.writePictures(models);
    NoisyModels.writeHead(models, "one", NoisyModels.PICTURES);
    NoisyModels.writeHead(models, "other", NoisyModels.PICTURES);
    files.policy(
        "default",
        POLICY.replace("image-colours, image-reds", "head-one, head-other").formatted("one"));
    String detectors =
        """
        detectors: {head-one: {kind: head, model: one}, head-other: {kind: head, model: other}}
        models: {dir: models}
        """;
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = RealGateway.start(files.config(upstream.port(), detectors))) {
      double first = sharedScore(gateway, gateway.generate(prompt("a red circle")));
      assertThat(sharedScore(gateway, gateway.generate(prompt("a red circle"))))
          .as("another image is another run")
          .isNotEqualTo(first);
    }
  }

  private static double sharedScore(RealGateway gateway, Answer answer) {
    List<Double> scores =
        gateway.decisions(answer).getLast().decision().evidence().own().stream()
            .map(signal -> ((Signal.Score) signal).value())
            .toList();
    assertThat(scores).hasSize(2);
    assertThat(scores.getFirst()).isEqualTo(scores.getLast());
    return scores.getFirst();
  }

  @Test
  void vectorsOfAnotherSizeAreRefusedAtTheirLine() throws Exception {
    files.write("words.txt", "a lighthouse\na boat\na pier\n");
    CommandRun run =
        CommandRun.of(
            "models",
            "embed",
            dir.resolve("words.txt"),
            "--model",
            "all-minilm-l6-v2-int8",
            "--out",
            dir.resolve("words"));
    assertThat(run.err()).isEmpty();
    String concepts = Files.readString(dir.resolve("concepts.yaml"));
    String sha256 = run.out().lines().filter(line -> line.contains("sha256")).findFirst().get();
    files.write(
        "concepts.yaml", concepts.replaceFirst("[0-9a-f]{64}", sha256.strip().split("\\s+")[1]));

    assertThat(refused())
        .singleElement()
        .asString()
        .contains("concepts.yaml:2: vectors: of 384 numbers, but model 'colours' gives 4");
  }

  @Test
  void aHeadOnAModelThatIsNoEmbeddingIsRefusedAtItsLine() throws Exception {
    Path card = dir.resolve("models/reds/model.yaml");
    Files.writeString(
        card, Files.readString(card).replace("embedding: colours", "embedding: reds"));

    assertThat(refused())
        .singleElement()
        .asString()
        .contains("model.yaml:6: input.embedding: model 'reds' gives no vectors");
  }

  private List<?> refused() throws Exception {
    files.policy("default", POLICY.formatted("reddish"));
    Path config = files.config(1, DETECTORS);
    return catchThrowableOfType(InvalidFileException.class, () -> RealGateway.start(config).close())
        .problems();
  }
}
