package io.sallyport.load;

import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much a gateway under test judges. Policies have no rules: every verdict is allow, every
 * detector still runs.
 */
enum Guard {
  NOTHING("[]"),
  PROMPT("[prompt-terms, prompt-concepts]"),
  PROMPT_AND_IMAGE("[prompt-terms, prompt-concepts, image-nsfw]"),
  /** With the versions of a model that lie beside the configuration. */
  SWAP("[prompt-terms, image-magenta]");

  private final String detectors;

  Guard(String detectors) {
    this.detectors = detectors;
  }

  /**
   * Writes a configuration with its policy and an empty record.
   *
   * @param folder for all of it; made
   * @param root of the repository, for the term lists, concept phrases and models that are shipped
   * @return the configuration file
   */
  Path write(Path folder, Path root, int port, int adminPort, int upstreamPort) throws IOException {
    Path policies = Files.createDirectories(folder.resolve("policies"));
    Files.writeString(
        policies.resolve("default.yaml"), "policy: default\ndetectors: %s\n".formatted(detectors));
    return Files.writeString(
        folder.resolve("sallyport.yaml"),
        """
        listen: {host: 127.0.0.1, port: %d}
        admin: {host: 127.0.0.1, port: %d}
        upstream: {url: "http://127.0.0.1:%d", dialect: openai-images}
        policies: {dir: policies, default: default}
        audit: {dir: data}
        """
                .formatted(port, adminPort, upstreamPort)
            + detectors(root));
  }

  private String detectors(Path root) {
    return switch (this) {
      case NOTHING -> "";
      case PROMPT -> promptDetectors(root);
      case PROMPT_AND_IMAGE ->
          promptDetectors(root)
              + "  image-nsfw: {kind: image-classifier, model: %s}\n"
                  .formatted(EmbeddedImageModel.NAME);
      case SWAP ->
          """
          models: {dir: models}
          lane: {prompt_deadline: %2$dms, image_deadline: %2$dms}
          detectors:
            prompt-terms: {kind: lexicon, file: "%1$s/policies/lexicons/default.yaml"}
            image-magenta: {kind: image-classifier, model: %3$s}
          """
              .formatted(root, Swaps.DEADLINE_MILLIS, ColourModel.NAME);
    };
  }

  private static String promptDetectors(Path root) {
    return """
    models: {dir: "%1$s/models"}
    detectors:
      prompt-terms: {kind: lexicon, file: "%1$s/policies/lexicons/default.yaml"}
      prompt-concepts: {kind: concepts, model: %2$s, file: "%1$s/policies/concepts/default.yaml"}
    """
        .formatted(root, ModelStore.MINILM);
  }
}
