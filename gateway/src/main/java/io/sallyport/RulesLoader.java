package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.Bench;
import io.sallyport.detect.Detector;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.PanelListener;
import io.sallyport.detect.Sample;
import io.sallyport.detect.image.ImageClassifier;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.text.Concepts;
import io.sallyport.detect.text.ConceptsDetector;
import io.sallyport.detect.text.Lexicon;
import io.sallyport.detect.text.LexiconDetector;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptNormalizer;
import io.sallyport.detect.text.TextClassifierDetector;
import io.sallyport.policy.Labels;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.proxy.CallerBook;
import io.sallyport.proxy.Rules;
import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds rules from the operator's files: term lists, concepts and policies, over models that stay
 * loaded. All or nothing, so that a reload with a mistake changes nothing. Used by one thread at a
 * time, never an event loop: concept phrases are embedded here.
 */
final class RulesLoader {
  /** What a frame-wise decoder may take; see {@link ImageLimits}. */
  private static final long FRAME_BYTES_PER_PIXEL = 16;

  private final String configFile;
  private final GatewayConfig config;
  private final ModelStore models;
  private final InferenceLane lane;
  private final PanelListener listener;
  private final boolean allModels;

  /**
   * @param allModels false when some model could not be loaded and has told its problem already
   */
  RulesLoader(
      String configFile,
      GatewayConfig config,
      ModelStore models,
      InferenceLane lane,
      PanelListener listener,
      boolean allModels) {
    this.allModels = allModels;
    this.configFile = configFile;
    this.config = config;
    this.models = models;
    this.lane = lane;
    this.listener = listener;
  }

  /** The rules that the files say now. Every problem is in {@code problems} when it is empty. */
  Optional<Rules> load(Problems problems) {
    List<Detector<Prompt>> texts = new ArrayList<>();
    List<Detector<Picture>> images = new ArrayList<>();
    config.detectors().forEach((name, detector) -> build(name, detector, texts, images, problems));
    Optional<PolicyBook> book = policies(catalogue(texts, images), problems);
    if (!problems.isEmpty() || book.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Rules(book.get(), panel(texts, images)));
  }

  private void build(
      String name,
      DetectorConfig detector,
      List<Detector<Prompt>> texts,
      List<Detector<Picture>> images,
      Problems problems) {
    switch (detector) {
      case DetectorConfig.Lexicon lexicon ->
          Lexicon.read(lexicon.file(), problems)
              .ifPresent(it -> texts.add(new LexiconDetector(new Lexicon(name, it.terms()))));
      case DetectorConfig.Concepts concepts -> {
        Optional<TextModel> model =
            model(name, concepts.model(), concepts.line(), TextModel.class, problems);
        Concepts.load(concepts.file(), problems)
            .filter(file -> model.isPresent())
            .flatMap(file -> ConceptsDetector.of(name, file, model.orElseThrow(), problems))
            .ifPresent(texts::add);
      }
      case DetectorConfig.TextClassifier text ->
          model(name, text.model(), text.line(), TextClassifierModel.class, problems)
              .ifPresent(model -> texts.add(TextClassifierDetector.of(name, model)));
      case DetectorConfig.ImageClassifier image ->
          model(name, image.model(), image.line(), ImageModel.class, problems)
              .ifPresent(model -> images.add(ImageClassifier.of(name, model)));
    }
  }

  private <M extends LoadedModel> Optional<M> model(
      String detector, String name, int line, Class<M> kind, Problems problems) {
    Optional<M> model = models.model(name).filter(kind::isInstance).map(kind::cast);
    if (model.isEmpty() && (allModels || models.model(name).isPresent())) {
      problems.add(
          configFile, line, "detectors." + detector + ": model '" + name + "' is of another kind");
    }
    return model;
  }

  /** What detectors can say; one that could not be built has told its problem already. */
  private Map<String, Labels> catalogue(
      List<Detector<Prompt>> texts, List<Detector<Picture>> images) {
    Map<String, Labels> catalogue = new LinkedHashMap<>();
    config.detectors().keySet().forEach(name -> catalogue.put(name, Labels.ANYTHING));
    texts.forEach(it -> catalogue.put(it.name(), new Labels(it.stages(), it.labels())));
    images.forEach(it -> catalogue.put(it.name(), new Labels(it.stages(), it.labels())));
    return catalogue;
  }

  private Optional<PolicyBook> policies(Map<String, Labels> catalogue, Problems problems) {
    try {
      PolicyBook book = PolicyLoader.load(config.policies().dir(), catalogue);
      for (String wanted :
          new CallerBook(config.callers(), config.policies().byDefault()).policies()) {
        if (book.get(wanted).isEmpty()) {
          problems.add(configFile, 0, "no policy is named '" + wanted + "'");
        }
      }
      return Optional.of(book);
    } catch (InvalidFileException e) {
      for (Problem problem : e.problems()) {
        problems.add(problem.file(), problem.line(), problem.message());
      }
      return Optional.empty();
    }
  }

  private DetectorPanel panel(List<Detector<Prompt>> texts, List<Detector<Picture>> images) {
    List<Bench<?>> benches = new ArrayList<>();
    if (!texts.isEmpty()) {
      benches.add(new Bench<>(Sample.Text.class, new PromptNormalizer(), texts));
    }
    if (!images.isEmpty()) {
      benches.add(
          new Bench<>(
              Sample.Image.class, new PictureReader(imageLimits(), models.sides()), images));
    }
    return new DetectorPanel(lane, benches, listener);
  }

  /**
   * A cap on frames at one time that is below one picture's cap would refuse what that one allows.
   */
  private ImageLimits imageLimits() {
    ImageLimits base = ImageLimits.DEFAULTS;
    return new ImageLimits(
        (int) Math.min(Integer.MAX_VALUE, config.limits().replyBytes()),
        config.limits().imageSide(),
        config.limits().imagePixels(),
        base.maxPixelsPerByte(),
        Math.max(base.maxFrameBytes(), config.limits().imagePixels() * FRAME_BYTES_PER_PIXEL),
        base.maxWait());
  }
}
