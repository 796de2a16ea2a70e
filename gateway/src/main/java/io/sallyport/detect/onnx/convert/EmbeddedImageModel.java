package io.sallyport.detect.onnx.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The embedded image classifier: {@code mobilenet_v2_mid} of the npm package {@code nsfwjs}, as a
 * model folder with its ONNX file, its card and its licence.
 *
 * <p>Nothing of it is in the repository: it is got with npm, verified, translated and verified
 * again.
 */
public final class EmbeddedImageModel {
  /** The name of the model and of its folder. */
  public static final String NAME = "nsfwjs-mobilenet-v2-mid";

  /** SHA-256 of the ONNX file. Changes only with the translation or the pinned package. */
  public static final String SHA256 =
      "331e9f6999253c045b151829737447802aa9ea013ceb961de0253889fe260abd";

  static final String INPUT = "pixels";
  static final String OUTPUT = "probabilities";

  /** The expected scores are those of the original; EmbeddedImageModelTest holds them together. */
  private static final String CARD =
      """
      model: %s
      kind: image-classifier
      licence: MIT
      source: "npm nsfwjs %s, models/mobilenet_v2_mid"
      files: {model.onnx: %s}
      input: {tensor: pixels, side: 224, layout: nchw, channels: rgb, range: [0, 1], mean: [0, 0, 0], std: [1, 1, 1]}
      output: {tensor: probabilities, labels: [drawing, hentai, neutral, porn, sexy], activation: none}
      deadline: 2s
      examples:
        - {input: {fill: [255, 255, 255]}, expect: {neutral: 0.952, drawing: 0.039}, tolerance: 0.01}
        - {input: {fill: [128, 128, 128]}, expect: {neutral: 0.906, hentai: 0.042}, tolerance: 0.01}
        - {input: {gradient: true}, expect: {neutral: 0.883, drawing: 0.084}, tolerance: 0.01}
      """
          .formatted(NAME, NsfwjsPackage.VERSION, SHA256);

  private EmbeddedImageModel() {}

  /**
   * Gets the package with npm and writes the model's folder; does nothing, and needs no network,
   * when the model is there already.
   *
   * @param models the folder of all models, made when absent
   * @throws FetchException when the package cannot be got
   * @throws ModelSourceException when something is not what was pinned, or another model is in the
   *     folder's place
   */
  public static ImportOutcome importInto(Path models) throws IOException {
    if (folder(models).isThere()) {
      return ImportOutcome.ALREADY_THERE;
    }
    Path download = Files.createTempDirectory("sallyport-npm-");
    try {
      return importInto(models, NsfwjsPackage.fetch(download));
    } finally {
      ModelFolder.delete(download);
    }
  }

  /**
   * Writes the model's folder from a tarball that the operator has brought, for machines without a
   * way to a registry; otherwise as {@link #importInto(Path)}.
   */
  public static ImportOutcome importInto(Path models, Path tarball) throws IOException {
    ModelFolder folder = folder(models);
    if (folder.isThere()) {
      return ImportOutcome.ALREADY_THERE;
    }
    NsfwjsPackage opened = NsfwjsPackage.open(tarball);
    return folder.write(
        Map.of(
            ModelFolder.MODEL_FILE,
            opened.toOnnx(),
            ModelFolder.CARD_FILE,
            card(),
            "LICENSE",
            opened.licence().getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] card() {
    return CARD.getBytes(StandardCharsets.UTF_8);
  }

  private static ModelFolder folder(Path models) {
    return new ModelFolder(models, NAME, SHA256);
  }
}
