package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditSearch;
import io.sallyport.signal.Signal;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.ModelVersions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** A gateway over versions of two models, with an upstream that answers with a white picture. */
final class ModelLifeHarness implements AutoCloseable {
  static final String POLICY =
      """
      policy: default
      detectors: [prompt-word, image-mark]
      rules:
        - id: strong-word
          stage: prompt
          category: stand-in
          when: {score: {label: word, at_least: 0.9}}
          verdict: block
        - id: strong-mark
          stage: output_image
          category: stand-in
          when: {score: {label: mark, at_least: 0.9}}
          verdict: block
      """;

  final Path dir;
  final Path models;
  final GatewayFiles files;
  final FakeUpstream upstream;
  RealGateway gateway;

  /** Lays the files out; versions are the test's to write. */
  ModelLifeHarness(Path dir) throws Exception {
    this.dir = dir;
    this.models = Files.createDirectories(dir.resolve("models"));
    this.files = new GatewayFiles(dir).policy("default", POLICY);
    String reply = reply();
    this.upstream = new FakeUpstream((request, connection) -> connection.json(reply));
  }

  static String reply() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, 0xffffff);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return "{\"created\":1,\"data\":[{\"b64_json\":\""
        + Base64.getEncoder().encodeToString(png.toByteArray())
        + "\"}]}";
  }

  Path words(String folder) {
    return models.resolve(ModelVersions.WORDS).resolve(folder);
  }

  Path marks(String folder) {
    return models.resolve(ModelVersions.MARKS).resolve(folder);
  }

  /**
   * Starts the gateway.
   *
   * @param challenger further keys of the image detector
   */
  ModelLifeHarness start(boolean watch, String challenger) throws Exception {
    gateway = RealGateway.start(config(watch, challenger));
    return this;
  }

  Path config(boolean watch, String challenger) throws Exception {
    return files.config(
        upstream.port(),
        """
        policies: {dir: policies, watch: %s}
        models: {dir: models}
        detectors:
          prompt-word: {kind: text-classifier, model: words}
          image-mark: {kind: image-classifier, model: marks%s}
        cache: {signals: 0}
        lane: {prompt_deadline: 60s, image_deadline: 60s}
        """
            .formatted(watch, challenger));
  }

  Answer activate(String model, String digest) throws Exception {
    return gateway.post(
        gateway.adminUrl() + "/api/v1/models/" + model + "/versions/" + digest + ":activate", "{}");
  }

  Answer rollBack(String model) throws Exception {
    return gateway.post(gateway.adminUrl() + "/api/v1/models/" + model + ":rollback", "{}");
  }

  /** The scores of one request, by label, with what they prove: no signal is missing. */
  Map<String, Double> scores() throws Exception {
    Answer answer = gateway.generate(prompt("a house"));
    assertThat(answer.status()).isEqualTo(200);
    Map<String, Double> scores = new HashMap<>();
    for (AuditEvent.Decided decided : gateway.decisions(answer)) {
      for (Signal signal : decided.decision().evidence().own()) {
        Signal.Score score = (Signal.Score) signal;
        scores.put(score.label(), score.value());
      }
    }
    return scores;
  }

  double mark() throws Exception {
    return scores().get("mark");
  }

  /** What runs, by model, as the status tells. */
  Map<String, String> inForce() throws Exception {
    Map<String, String> digests = new HashMap<>();
    gateway
        .get(gateway.adminUrl() + "/api/v1/status")
        .json()
        .get("models")
        .forEach(row -> digests.put(row.get("model").asString(), row.get("digest").asString()));
    return digests;
  }

  int sessions() throws Exception {
    return (int) gateway.metric("sallyport_model_sessions", "");
  }

  /** Every decision of the record, oldest first. */
  List<AuditEvent.Decided> decided() {
    List<AuditEvent.Decided> all = new ArrayList<>();
    new AuditSearch(gateway.recordDir())
        .export(
            List.of(),
            row -> {
              if (row.event() instanceof AuditEvent.Decided decided) {
                all.add(decided);
              }
            });
    return all;
  }

  @Override
  public void close() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    upstream.close();
  }
}
