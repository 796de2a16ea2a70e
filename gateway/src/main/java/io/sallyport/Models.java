package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.ModelShelf;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Loads the models that a configuration names, with the tokenizer and the image reader that this
 * gateway has.
 */
public final class Models {
  private Models() {}

  /** The models that the configuration's detectors ask for. */
  public static Set<String> named(GatewayConfig config) {
    Set<String> names = new TreeSet<>();
    config.detectors().values().forEach(detector -> names.add(of(detector)));
    names.remove("");
    return names;
  }

  /** Loads models by name; see {@link ModelStore#load}. Blocks for seconds. */
  public static Optional<ModelStore> load(
      OnnxRuntime runtime, Path dir, Set<String> names, Problems problems) {
    return ModelStore.load(runtime, dir, names, Tokenizers::open, PictureReader::example, problems);
  }

  /** Loads what lies in one folder; see {@link ModelStore#loadVersion}. Blocks for seconds. */
  public static Optional<ModelStore> loadVersion(
      OnnxRuntime runtime, Path folder, Problems problems) {
    return ModelStore.loadVersion(
        runtime, folder, Tokenizers::open, PictureReader::example, problems);
  }

  /** A shelf for the versions of these models, empty yet. */
  static ModelShelf shelf(OnnxRuntime runtime, Path dir) {
    return new ModelShelf(runtime, dir, Tokenizers::open, PictureReader::example);
  }

  /** The name of the model that a detector runs on; empty for one without a model. */
  static String of(DetectorConfig detector) {
    return switch (detector) {
      case DetectorConfig.Lexicon lexicon -> "";
      case DetectorConfig.Concepts concepts -> concepts.model();
      case DetectorConfig.ImageConcepts concepts -> concepts.model();
      case DetectorConfig.Head head -> head.model();
      case DetectorConfig.ObjectDetector objects -> objects.model();
      case DetectorConfig.Remote remote -> remote.model();
      case DetectorConfig.TextClassifier text -> text.model();
      case DetectorConfig.ImageClassifier image -> image.model();
    };
  }
}
