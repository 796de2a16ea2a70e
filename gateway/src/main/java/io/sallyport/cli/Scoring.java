package io.sallyport.cli;

import io.sallyport.detect.Detector;
import io.sallyport.detect.Preparer;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ImageClassifier;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.BoxModel;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.ScoreOutput;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.text.PromptNormalizer;
import io.sallyport.detect.text.TextClassifierDetector;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The way from a line to the scores of a classifier, which is the gateway's: all forms, windows and
 * views, the strongest of which counts.
 *
 * @param output what the model's card says of its scores
 */
record Scoring<S>(
    ScoreOutput output, Stage stage, Samples samples, Preparer<S> preparer, Detector<S> detector) {
  /** Far beyond any model's own deadline. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** What a line stands for. */
  @FunctionalInterface
  private interface Samples {
    Sample of(String line) throws UnavailableException;
  }

  /**
   * The way of a model.
   *
   * @param list where relative paths of pictures start
   * @throws UserException when the model gives no scores, or needs another one for them
   */
  static Scoring<?> of(LoadedModel model, Path list) {
    return switch (model) {
      case TextClassifierModel text ->
          new Scoring<>(
              text.output(),
              Stage.PROMPT,
              line -> new Sample.Text(Stage.PROMPT, line),
              new PromptNormalizer(),
              TextClassifierDetector.of("calibrated", text));
      case ImageModel image ->
          new Scoring<>(
              image.output(),
              Stage.OUTPUT_IMAGE,
              line ->
                  new Sample.Image(
                      Stage.OUTPUT_IMAGE, ByteBuffer.wrap(PictureFile.read(list, line))),
              new PictureReader(ImageLimits.DEFAULTS, Set.of(image.framing())),
              ImageClassifier.of("calibrated", image));
      case BoxModel other -> throw noScores(model);
      case RemoteModel other -> throw noScores(model);
      case TextModel other -> throw noScores(model);
      case ImageEmbeddingModel other -> throw noScores(model);
      case HeadModel other -> throw noScores(model);
    };
  }

  private static UserException noScores(LoadedModel model) {
    return new UserException(
        model.card().name()
            + " cannot be calibrated; a text-classifier and an image-classifier can");
  }

  /** The scores of a line by label. */
  Map<String, Double> scores(String line) throws UnavailableException {
    S prepared = preparer.prepare(samples.of(line));
    List<Signal> signals = detector.inspect(stage, prepared, System.nanoTime() + PATIENCE_NANOS);
    Map<String, Double> scores = new HashMap<>();
    for (Signal signal : signals) {
      if (signal instanceof Signal.Score score) {
        scores.put(score.label(), score.value());
      }
    }
    return scores;
  }
}
