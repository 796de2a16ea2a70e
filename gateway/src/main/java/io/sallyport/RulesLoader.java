package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.Bench;
import io.sallyport.detect.Detector;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.HeldDetector;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.PanelListener;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UseCount;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptNormalizer;
import io.sallyport.policy.Labels;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.proxy.CallerBook;
import io.sallyport.proxy.Rules;
import io.sallyport.proxy.Shadow;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds rules from the operator's files: term lists, concepts and policies, over one version of
 * each model. All or nothing, so that a reload with a mistake changes nothing. Used by one thread
 * at a time, never an event loop: concept phrases are embedded here.
 */
final class RulesLoader {
  /** The most that a frame-wise decoder takes, which is AVIF's; see {@link ImageLimits}. */
  private static final long FRAME_BYTES_PER_PIXEL = 24;

  private final String configFile;
  private final GatewayConfig config;
  private final ModelStore models;
  private final RemoteLinks links;
  private final Codecs codecs;
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
      RemoteLinks links,
      Codecs codecs,
      InferenceLane lane,
      PanelListener listener,
      boolean allModels) {
    this.allModels = allModels;
    this.configFile = configFile;
    this.config = config;
    this.models = models;
    this.links = links;
    this.codecs = codecs;
    this.lane = lane;
    this.listener = listener;
  }

  /**
   * The rules that the files say now. Every problem is in {@code problems} when it is empty.
   *
   * @param uses of the models, which detectors hold while they work
   * @param inForce where policies that cannot be read now give way to those in force, if these
   *     detectors say all that those in force say
   */
  Optional<Rules> load(UseCount uses, Shadow shadow, Optional<Rules> inForce, Problems problems) {
    Detectors detectors = detectors(problems);
    config.detectors().forEach(detectors::add);
    Map<String, Labels> catalogue = catalogue(detectors);
    Problems unread = new Problems();
    Optional<PolicyBook> book =
        policies(catalogue, unread)
            .filter(read -> unread.isEmpty())
            .or(() -> inForce.filter(old -> covers(catalogue, old)).map(Rules::policies));
    if (book.isEmpty()) {
      unread.list().forEach(it -> problems.add(it.file(), it.line(), it.message()));
    }
    if (!problems.isEmpty() || book.isEmpty()) {
      return Optional.empty();
    }
    DetectorPanel panel = new DetectorPanel(lane, benches(detectors, uses), listener);
    return Optional.of(new Rules(book.get(), panel, shadow, uses));
  }

  /**
   * One detector alone, over the models of this loader; empty, with problems, when it cannot be.
   */
  Optional<Bench<?>> alone(String name, UseCount uses, Problems problems) {
    Detectors detectors = detectors(problems);
    DetectorConfig detector = config.detectors().get(name);
    if (detector != null) {
      detectors.add(name, detector);
    }
    return benches(detectors, uses).stream().findFirst();
  }

  private Detectors detectors(Problems problems) {
    return new Detectors(configFile, config, models, links, allModels, problems);
  }

  private static <S> List<Detector<S>> held(List<Detector<S>> detectors, UseCount uses) {
    return detectors.stream().map(it -> HeldDetector.of(it, uses)).toList();
  }

  /** True when everything that a policy may ask of the old detectors, it may ask of these. */
  private static boolean covers(Map<String, Labels> catalogue, Rules old) {
    for (Detector<?> detector : old.panel().detectors()) {
      Labels labels = catalogue.getOrDefault(detector.name(), new Labels(Set.of(), Set.of()));
      for (Stage stage : detector.stages()) {
        if (!detector.labels().stream().allMatch(label -> labels.gives(stage, label))) {
          return false;
        }
      }
    }
    return true;
  }

  /** What detectors can say; one that could not be built has told its problem already. */
  private Map<String, Labels> catalogue(Detectors detectors) {
    Map<String, Labels> catalogue = new LinkedHashMap<>();
    config.detectors().keySet().forEach(name -> catalogue.put(name, Labels.ANYTHING));
    detectors.texts().forEach(it -> catalogue.put(it.name(), labels(it)));
    detectors.images().forEach(it -> catalogue.put(it.name(), labels(it)));
    return catalogue;
  }

  private static Labels labels(Detector<?> detector) {
    return new Labels(detector.stages(), detector.labels(), detector.advisory());
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

  private List<Bench<?>> benches(Detectors detectors, UseCount uses) {
    List<Detector<Prompt>> texts = held(detectors.texts(), uses);
    List<Detector<Picture>> images = held(detectors.images(), uses);
    List<Bench<?>> benches = new ArrayList<>();
    if (!texts.isEmpty()) {
      benches.add(new Bench<>(Sample.Text.class, new PromptNormalizer(), texts));
    }
    if (!images.isEmpty()) {
      benches.add(
          new Bench<>(
              Sample.Image.class,
              new PictureReader(imageLimits(), models.framings(), codecs),
              images));
    }
    return benches;
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
        config.limits().imageAspect(),
        config.limits().imageFrames(),
        config.limits().imageFramesJudged(),
        Math.max(base.maxFrameBytes(), config.limits().imagePixels() * FRAME_BYTES_PER_PIXEL),
        base.maxWait());
  }
}
