package io.sallyport.cli;

import io.sallyport.detect.onnx.Calibration;
import io.sallyport.train.Figures;
import io.sallyport.train.Reliability;
import io.sallyport.train.RocCurve;
import io.sallyport.train.Score;
import io.sallyport.train.ScoreFit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One label's fit, with what it is worth.
 *
 * <p>What is told of it, table, curves and threshold, is told of scores by two other fits: each
 * half of the rows is scored by the fit of the other half, so that no row is judged by a fit that
 * saw it. The fit that is printed saw all rows.
 *
 * @param scores as the model gave them
 * @param fit of all rows
 * @param fitted the scores as fits that did not see them give them
 */
record LabelFit(String label, List<Score> scores, ScoreFit fit, List<Score> fitted) {
  LabelFit {
    scores = List.copyOf(scores);
    fitted = List.copyOf(fitted);
  }

  /** Fits a label's scores; at least {@link ScoreFit#LEAST} of each kind. */
  static LabelFit of(String label, List<Score> scores, Function<List<Score>, ScoreFit> method) {
    List<Score> even = new ArrayList<>();
    List<Score> odd = new ArrayList<>();
    int[] seen = new int[2];
    for (Score score : scores) {
      (seen[score.truth() ? 1 : 0]++ % 2 == 0 ? even : odd).add(score);
    }
    List<Score> fitted = new ArrayList<>(apply(method.apply(odd), even));
    fitted.addAll(apply(method.apply(even), odd));
    return new LabelFit(label, scores, method.apply(scores), fitted);
  }

  private static List<Score> apply(ScoreFit fit, List<Score> scores) {
    return scores.stream()
        .map(score -> new Score(fit.fitted(score.value()), score.truth()))
        .toList();
  }

  /** Why no card takes the fit, in the digits that it would get; empty when one does. */
  Optional<String> refusal() {
    Calibration printed = printed();
    if (printed.inBounds()) {
      return Optional.empty();
    }
    return Optional.of(
        printed instanceof Calibration.Platt platt && !platt.keepsOrder()
            ? "rows with the label score lower than those without, or no higher"
            : "no card takes " + yaml() + ": the scores lie too close together to be fitted");
  }

  /** The fit as a card spells it. */
  String yaml() {
    return switch (printed()) {
      case Calibration.Platt platt -> "{platt: [" + text(platt.a()) + ", " + text(platt.b()) + "]}";
      case Calibration.Temperature temperature ->
          "{temperature: " + text(temperature.temperature()) + "}";
    };
  }

  private Calibration printed() {
    return switch (fit) {
      case ScoreFit.Platt platt ->
          new Calibration.Platt(
              Double.parseDouble(text(platt.a())), Double.parseDouble(text(platt.b())));
      case ScoreFit.Temperature temperature ->
          new Calibration.Temperature(Double.parseDouble(text(temperature.temperature())));
    };
  }

  private static String text(double number) {
    return String.format(Locale.ROOT, "%.4f", number);
  }

  /** Tells all of it. */
  void print(PrintWriter out, double falsePositives) {
    Reliability before = Reliability.of(scores);
    Reliability after = Reliability.of(fitted);
    long positive = scores.stream().filter(Score::truth).count();
    double auc = Figures.of(scores).auc().orElse(Double.NaN);
    say(out, "%s: %d rows, %d with the label, ROC area %.3f", label, scores.size(), positive, auc);
    say(out, "  calibration error %.3f as it is, %.3f fitted", before.error(), after.error());
    say(out, "  Brier score       %.3f as it is, %.3f fitted", before.brier(), after.brier());
    say(out, "  fitted score  rows  mean score  share with the label");
    for (Reliability.Bin bin : after.bins()) {
      double high = bin.low() + 1.0 / Reliability.BINS;
      String row = "  %.1f to %.1f    %5d       %.3f  %.3f";
      say(out, row, bin.low(), high, bin.rows(), bin.score(), bin.share());
    }
    RocCurve.of(fitted)
        .within(falsePositives)
        .ifPresentOrElse(
            point ->
                say(
                    out,
                    "  threshold %.4f raises %.2f %% of the rows without the label, and finds"
                        + " %.2f %% of those with it",
                    Math.floor(point.threshold() * 1e4) / 1e4,
                    100 * point.falsePositives(),
                    100 * point.truePositives()),
            () -> say(out, "  no threshold raises so few: the highest score is a false one"));
  }

  /** Writes both curves. */
  void draw(Path folder) throws IOException {
    String name = label.replace('/', '_');
    Files.writeString(folder.resolve(name + "-roc.svg"), CurveSvg.roc(label, RocCurve.of(fitted)));
    Files.writeString(
        folder.resolve(name + "-reliability.svg"),
        CurveSvg.reliability(label, Reliability.of(fitted)));
  }

  private static void say(PrintWriter out, String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }
}
