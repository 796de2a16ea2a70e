package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.Detector;
import io.sallyport.detect.embedding.Embedder;
import io.sallyport.detect.embedding.HeadDetector;
import io.sallyport.detect.embedding.VectorConcepts;
import io.sallyport.detect.image.ImageConceptsDetector;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureVectors;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageScorer;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.text.Concepts;
import io.sallyport.detect.text.ConceptsDetector;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptVectors;
import io.sallyport.yaml.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the detectors that stand on vectors. Knows how many stand on each embedding model: where
 * there are several, a sample's vectors are computed once and kept for all of them.
 */
final class VectorDetectors {
  private final ModelStore models;

  /** Detectors by the embedding model that they stand on. */
  private final Map<String, Integer> standing = new HashMap<>();

  VectorDetectors(GatewayConfig config, ModelStore models) {
    this.models = models;
    config.detectors().values().forEach(this::count);
  }

  private void count(DetectorConfig detector) {
    switch (detector) {
      case DetectorConfig.Concepts concepts -> stand(concepts.model());
      case DetectorConfig.ImageConcepts concepts -> stand(concepts.model());
      case DetectorConfig.Head head ->
          models
              .model(head.model())
              .filter(HeadModel.class::isInstance)
              .ifPresent(model -> stand(((HeadModel) model).input().embedding()));
      case DetectorConfig.Lexicon lexicon -> {}
      case DetectorConfig.TextClassifier text -> {}
      case DetectorConfig.ImageClassifier image -> {}
      case DetectorConfig.ObjectDetector objects -> {}
      case DetectorConfig.Remote remote -> {}
    }
  }

  private void stand(String model) {
    standing.merge(model, 1, Integer::sum);
  }

  private boolean shared(LoadedModel model) {
    return standing.getOrDefault(model.card().name(), 0) > 1;
  }

  private PromptVectors vectors(TextModel model) {
    return new PromptVectors(model, shared(model));
  }

  private PictureVectors vectors(ImageEmbeddingModel model) {
    return new PictureVectors(model, shared(model));
  }

  /** Concepts of prompts; empty, with problems recorded, when the model cannot place them. */
  Optional<ConceptsDetector> concepts(
      String name, Concepts file, TextModel model, Problems problems) {
    return ConceptsDetector.of(name, file, vectors(model), problems);
  }

  /**
   * Concepts of pictures; empty, with problems recorded, when they are not of the model's space.
   */
  Optional<ImageConceptsDetector> concepts(
      String name, VectorConcepts file, ImageEmbeddingModel model, Problems problems) {
    return ImageConceptsDetector.of(name, file, vectors(model), problems);
  }

  /**
   * Adds a head's detector where its embedding model's samples are judged; nothing when it does not
   * stand as its card says, for which {@link ModelStore#check} has told the problem.
   */
  void addHead(
      String name, HeadModel head, List<Detector<Prompt>> texts, List<Detector<Picture>> images) {
    Optional<LoadedModel> below = models.model(head.input().embedding());
    if (below.isEmpty()) {
      return;
    }
    switch (below.get()) {
      case TextModel text -> head(name, vectors(text), head).ifPresent(texts::add);
      case ImageEmbeddingModel image -> head(name, vectors(image), head).ifPresent(images::add);
      case ImageScorer other -> {}
      case RemoteModel other -> {}
      case TextClassifierModel other -> {}
      case HeadModel other -> {}
    }
  }

  private static <S> Optional<Detector<S>> head(String name, Embedder<S> embedder, HeadModel head) {
    return embedder.size() == head.input().size()
        ? Optional.of(new HeadDetector<>(name, embedder, head))
        : Optional.empty();
  }
}
