package io.sallyport.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What scores are worth for one label, on rows whose truth is known.
 *
 * @param rows how many
 * @param positive how many of them have the label
 * @param found how many with the label score at least {@link #THRESHOLD}
 * @param raised how many without the label do
 * @param auc the chance that a row with the label scores above one without, equal scores counting
 *     half; empty when all have the label, or none
 */
public record Figures(int rows, int positive, int found, int raised, OptionalDouble auc) {
  /** The score from which a row counts as having the label. */
  public static final double THRESHOLD = 0.5;

  /** What a head is worth on rows, for each label in turn. */
  public static List<Figures> of(Head head, Collection<LabelledRow> rows) {
    List<Scored> scored = rows.stream().map(row -> new Scored(row, head.scores(row))).toList();
    List<Figures> figures = new ArrayList<>();
    int labels = rows.isEmpty() ? 0 : rows.iterator().next().labels().size();
    for (int label = 0; label < labels; label++) {
      int at = label;
      figures.add(of(scored.stream().map(row -> row.of(at)).toList()));
    }
    return figures;
  }

  /** Of one label's scores. */
  public static Figures of(List<Score> scores) {
    int positive = 0;
    int found = 0;
    int raised = 0;
    for (Score score : scores) {
      boolean above = score.value() >= THRESHOLD;
      positive += score.truth() ? 1 : 0;
      found += score.truth() && above ? 1 : 0;
      raised += !score.truth() && above ? 1 : 0;
    }
    return new Figures(scores.size(), positive, found, raised, auc(scores, positive));
  }

  /**
   * From the sum of the positive rows' ranks, equal scores sharing their mean rank (Hanley and
   * McNeil, *The Meaning and Use of the Area under a ROC Curve*, 1982).
   */
  private static OptionalDouble auc(List<Score> scores, int positive) {
    int negative = scores.size() - positive;
    if (positive == 0 || negative == 0) {
      return OptionalDouble.empty();
    }
    List<Score> sorted = new ArrayList<>(scores);
    sorted.sort(Comparator.comparingDouble(Score::value));
    double ranks = 0;
    for (int from = 0; from < sorted.size(); ) {
      int to = from;
      int hits = 0;
      while (to < sorted.size() && sorted.get(to).value() == sorted.get(from).value()) {
        hits += sorted.get(to).truth() ? 1 : 0;
        to++;
      }
      ranks += hits * (from + 1 + to) / 2.0;
      from = to;
    }
    double below = ranks - positive * (positive + 1.0) / 2;
    return OptionalDouble.of(below / ((double) positive * negative));
  }

  /** Share of rows on the right side of the threshold. */
  public double accuracy() {
    return (double) (rows - raised - (positive - found)) / rows;
  }

  /** Share of the rows above the threshold that have the label. */
  public OptionalDouble precision() {
    return share(found, found + raised);
  }

  /** Share of the rows with the label that are above the threshold. */
  public OptionalDouble recall() {
    return share(found, positive);
  }

  private static OptionalDouble share(int part, int whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }

  private record Scored(LabelledRow row, double[] scores) {
    Score of(int label) {
      return new Score(scores[label], row.labels().get(label));
    }
  }
}
