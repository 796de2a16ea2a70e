package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.yaml.Problems;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks a model its card's examples, and records each answer that is not what the card expects.
 *
 * <p>The examples run after a first run that is not judged, so that graph set-up does not count.
 */
final class SelfTest {
  /** A first run on a busy machine may be far slower than the card's deadline; a hang must end. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** More than a card's longest text has with the shortest windows. */
  private static final int WINDOWS_MAX = 2048;

  private final ModelCard card;
  private final Problems problems;

  SelfTest(ModelCard card, Problems problems) {
    this.card = card;
    this.problems = problems;
  }

  /** Runs every example of a model that scores pictures; of several views, the strongest counts. */
  void run(ImageScorer model, List<ImageExample> examples, ExampleViews views) {
    for (ImageExample example : examples) {
      try {
        double[] scores = new double[model.labels().size()];
        for (float[] view : views.of(example.picture(), model.framing())) {
          double[] seen = model.scores(view, end());
          Arrays.setAll(scores, i -> Math.max(scores[i], seen[i]));
        }
        judge(example.line(), example.expect(), example.tolerance(), model.labels(), scores);
      } catch (UnavailableException e) {
        unavailable(example.line(), e);
      }
    }
  }

  /** Runs every example of an image embedding model; of several views, the first counts. */
  void run(ImageEmbeddingModel model, List<PlacedImage> examples, ExampleViews views) {
    for (PlacedImage example : examples) {
      try {
        float[] vector = embed(model, views.of(example.picture(), model.framing()));
        switch (example.expect()) {
          case PlacedImage.Starts starts ->
              judge(example.line(), example.tolerance(), starts.vector(), vector);
          case PlacedImage.Near near -> {
            double cosine =
                Vectors.cosine(vector, embed(model, views.of(near.like(), model.framing())));
            compare(example.line(), "cosine", near.cosine(), cosine, example.tolerance());
          }
        }
      } catch (UnavailableException e) {
        unavailable(example.line(), e);
      }
    }
  }

  /** Runs every example of a head. */
  void run(HeadModel model, List<ScoredVector> examples) {
    for (ScoredVector example : examples) {
      try {
        double[] scores = model.scores(example.vector(model.input().size()), end());
        judge(example.line(), example.expect(), example.tolerance(), model.labels(), scores);
      } catch (UnavailableException e) {
        unavailable(example.line(), e);
      }
    }
  }

  /** Runs every example of a text classifier, each through all its windows. */
  void run(TextClassifierModel model, List<ScoredText> examples) {
    for (ScoredText example : examples) {
      try {
        List<Window> windows = model.windows(example.text(), WINDOWS_MAX);
        double[] scores = model.strongest(windows, end());
        judge(example.line(), example.expect(), example.tolerance(), model.labels(), scores);
      } catch (UnavailableException e) {
        unavailable(example.line(), e);
      }
    }
  }

  /** Runs every example of an embedding model. */
  void run(TextModel model, List<TextExample> examples) {
    for (TextExample example : examples) {
      try {
        float[] vector = embed(model, example.text());
        switch (example.expect()) {
          case TextExample.Starts starts ->
              judge(example.line(), example.tolerance(), starts.vector(), vector);
          case TextExample.Near near -> judge(example, near, vector, embed(model, near.like()));
        }
      } catch (UnavailableException e) {
        unavailable(example.line(), e);
      }
    }
  }

  private void judge(
      int line,
      Map<String, Double> expect,
      double tolerance,
      List<String> labels,
      double[] scores) {
    expect.forEach(
        (label, expected) -> {
          double found = scores[labels.indexOf(label)];
          compare(line, "label '" + label + "'", expected, found, tolerance);
        });
  }

  private void judge(int line, double tolerance, List<Double> start, float[] vector) {
    for (int i = 0; i < start.size(); i++) {
      compare(line, "vector[" + i + "]", start.get(i), vector[i], tolerance);
    }
  }

  private void judge(TextExample example, TextExample.Near near, float[] one, float[] other) {
    double cosine = Vectors.cosine(one, other);
    compare(example.line(), "cosine", near.cosine(), cosine, example.tolerance());
  }

  private static float[] embed(ImageEmbeddingModel model, List<float[]> views)
      throws UnavailableException {
    float[] vector = new float[model.size()];
    model.embed(views.getFirst(), vector, end());
    return vector;
  }

  private static float[] embed(TextModel model, String text) throws UnavailableException {
    float[] vector = new float[model.size()];
    model.embed(model.windows(text, 1).getFirst(), vector, end());
    return vector;
  }

  private static long end() {
    return System.nanoTime() + PATIENCE_NANOS;
  }

  private void compare(int line, String what, double expected, double found, double tolerance) {
    if (!(Math.abs(expected - found) <= tolerance)) {
      problem(
          line,
          String.format(
              Locale.ROOT,
              "self-test failed: %s expected %.4f ± %.4f, got %.4f",
              what,
              expected,
              tolerance,
              found));
    }
  }

  private void unavailable(int line, UnavailableException e) {
    problem(line, "self-test failed: " + e.why().wire() + " (" + e.getMessage() + ")");
  }

  private void problem(int line, String message) {
    problems.add(card.file(), line, message);
  }
}
