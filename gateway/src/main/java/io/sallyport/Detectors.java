package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.Detector;
import io.sallyport.detect.embedding.VectorConcepts;
import io.sallyport.detect.image.ImageClassifier;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.onnx.BoxModel;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.RemoteInput;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.remote.RemoteDetector;
import io.sallyport.detect.remote.RemoteLink;
import io.sallyport.detect.text.Concepts;
import io.sallyport.detect.text.Lexicon;
import io.sallyport.detect.text.LexiconDetector;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.TextClassifierDetector;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The detectors that a configuration names, built one by one over one version of each model. For
 * one thread, never an event loop: concept phrases are embedded here.
 */
final class Detectors {
  private final String configFile;
  private final ModelStore models;
  private final RemoteLinks links;
  private final boolean allModels;
  private final Problems problems;
  private final VectorDetectors vectors;
  private final List<Detector<Prompt>> texts = new ArrayList<>();
  private final List<Detector<Picture>> images = new ArrayList<>();

  /**
   * @param allModels false when some model could not be loaded and has told its problem already
   * @param problems receives what is wrong with files and models
   */
  Detectors(
      String configFile,
      GatewayConfig config,
      ModelStore models,
      RemoteLinks links,
      boolean allModels,
      Problems problems) {
    this.configFile = configFile;
    this.models = models;
    this.links = links;
    this.allModels = allModels;
    this.problems = problems;
    this.vectors = new VectorDetectors(config, models);
  }

  /** Those that read texts, in the order in which they were added. */
  List<Detector<Prompt>> texts() {
    return texts;
  }

  /** Those that look at pictures, likewise. */
  List<Detector<Picture>> images() {
    return images;
  }

  /** Builds one detector; when it cannot be built its problems are told, and it is missing. */
  void add(String name, DetectorConfig detector) {
    switch (detector) {
      case DetectorConfig.Lexicon lexicon ->
          Lexicon.read(lexicon.file(), problems)
              .ifPresent(it -> texts.add(new LexiconDetector(new Lexicon(name, it.terms()))));
      case DetectorConfig.Concepts concepts -> {
        Optional<TextModel> model = model(name, concepts.model(), concepts.line(), TextModel.class);
        Concepts.load(concepts.file(), problems)
            .filter(file -> model.isPresent())
            .flatMap(file -> vectors.concepts(name, file, model.orElseThrow(), problems))
            .ifPresent(texts::add);
      }
      case DetectorConfig.ImageConcepts concepts -> {
        Optional<ImageEmbeddingModel> model =
            model(name, concepts.model(), concepts.line(), ImageEmbeddingModel.class);
        VectorConcepts.load(concepts.file(), problems)
            .filter(file -> model.isPresent())
            .flatMap(file -> vectors.concepts(name, file, model.orElseThrow(), problems))
            .ifPresent(images::add);
      }
      case DetectorConfig.Head head ->
          model(name, head.model(), head.line(), HeadModel.class)
              .ifPresent(model -> vectors.addHead(name, model, texts, images));
      case DetectorConfig.TextClassifier text ->
          model(name, text.model(), text.line(), TextClassifierModel.class)
              .ifPresent(model -> texts.add(TextClassifierDetector.of(name, model)));
      case DetectorConfig.ObjectDetector objects ->
          model(name, objects.model(), objects.line(), BoxModel.class)
              .ifPresent(model -> images.add(ImageClassifier.of(name, model)));
      case DetectorConfig.Remote remote ->
          model(name, remote.model(), remote.line(), RemoteModel.class)
              .flatMap(model -> links.link(name, remote, model, problems))
              .ifPresent(link -> add(name, link));
      case DetectorConfig.ImageClassifier image ->
          model(name, image.model(), image.line(), ImageModel.class)
              .ifPresent(model -> images.add(ImageClassifier.of(name, model)));
    }
  }

  private void add(String name, RemoteLink link) {
    switch (link.model().kind().input()) {
      case RemoteInput.Pixels pixels ->
          images.add(RemoteDetector.ofPictures(name, link, pixels.input()));
      case RemoteInput.Tokens tokens -> texts.add(RemoteDetector.ofTexts(name, link));
      case RemoteInput.Texts plain -> texts.add(RemoteDetector.ofTexts(name, link));
    }
  }

  private <M extends LoadedModel> Optional<M> model(
      String detector, String name, int line, Class<M> kind) {
    Optional<M> model = models.model(name).filter(kind::isInstance).map(kind::cast);
    if (model.isEmpty() && (allModels || models.model(name).isPresent())) {
      problems.add(
          configFile, line, "detectors." + detector + ": model '" + name + "' is of another kind");
    }
    return model;
  }
}
