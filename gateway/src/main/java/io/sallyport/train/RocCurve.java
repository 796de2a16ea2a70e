package io.sallyport.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What each threshold finds, and what it raises by mistake (Fawcett, <i>An Introduction to ROC
 * Analysis</i>, 2006, algorithm 1).
 *
 * @param points from the threshold that nothing reaches to the one that all reach; rows with equal
 *     scores move together
 */
public record RocCurve(List<Point> points) {
  public RocCurve {
    points = List.copyOf(points);
  }

  /**
   * One threshold.
   *
   * @param threshold rows of this score and above count as having the label
   * @param falsePositives share of the rows without the label that do
   * @param truePositives share of the rows with the label that do
   */
  public record Point(double threshold, double falsePositives, double truePositives) {}

  /** Of one label's scores; needs at least one of each kind. */
  public static RocCurve of(List<Score> scores) {
    List<Score> sorted = new ArrayList<>(scores);
    sorted.sort(Comparator.comparingDouble(Score::value).reversed());
    long positive = scores.stream().filter(Score::truth).count();
    long negative = scores.size() - positive;
    if (positive == 0 || negative == 0) {
      throw new IllegalArgumentException("rows of one kind only have no curve");
    }
    List<Point> points = new ArrayList<>();
    points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
    int found = 0;
    int raised = 0;
    for (int i = 0; i < sorted.size(); i++) {
      found += sorted.get(i).truth() ? 1 : 0;
      raised += sorted.get(i).truth() ? 0 : 1;
      double value = sorted.get(i).value();
      if (i + 1 == sorted.size() || sorted.get(i + 1).value() != value) {
        points.add(new Point(value, (double) raised / negative, (double) found / positive));
      }
    }
    return new RocCurve(points);
  }

  /**
   * The lowest threshold that raises no more than a share of the rows without the label; empty when
   * even the highest score does.
   */
  public Optional<Point> within(double falsePositives) {
    return points.stream()
        .skip(1)
        .takeWhile(point -> point.falsePositives() <= falsePositives)
        .reduce((before, point) -> point);
  }
}
