package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.FloatBuffer;

/**
 * The last step from a table of candidate boxes to scores. Every label stands alone: a candidate
 * counts for each label that it is strong enough for, so that no label's evidence hides another's.
 *
 * <p>The score of a label is the strongest of all its candidates, also of those that are too weak
 * to be a box or that suppression drops. For one thread; used again.
 */
final class BoxScores {
  private final BoxOutput output;
  private final int candidates;
  private final Framing framing;
  private final Suppression suppression;
  private final CoveredArea covered = new CoveredArea();
  private final double[] box = new double[4];

  /**
   * @param candidates rows of the table
   * @param framing of the input
   */
  BoxScores(BoxOutput output, int candidates, Framing framing) {
    this.output = output;
    this.candidates = candidates;
    this.framing = framing;
    this.suppression = new Suppression(output.iou(), output.maxBoxes());
  }

  /**
   * The scores that a run's output means.
   *
   * @param raw from index 0 on
   * @param picture where in the input the picture stands
   * @return one number from 0 to 1 per label of {@link BoxOutput#labels()}
   * @throws UnavailableException {@code BAD_OUTPUT} for numbers that are not finite, out of range
   *     or no box; {@code TIMEOUT}, looked at before every label
   */
  double[] of(FloatBuffer raw, Region picture, long deadlineNanos) throws UnavailableException {
    BoxTable table = new BoxTable(output, candidates, framing, raw);
    double[] scores = new double[BoxOutput.SIGNALS * output.names().size()];
    for (int label = 0; label < output.names().size(); label++) {
      if (deadlineNanos - System.nanoTime() <= 0) {
        throw new UnavailableException(Cause.TIMEOUT, "no time left to read boxes");
      }
      read(table, label, picture, scores, BoxOutput.SIGNALS * label);
    }
    return scores;
  }

  private void read(BoxTable table, int label, Region picture, double[] scores, int at)
      throws UnavailableException {
    boolean any = false;
    for (int candidate = 0; candidate < candidates; candidate++) {
      double score = table.score(label, candidate);
      scores[at] = Math.max(scores[at], score);
      if (score >= output.minScore()) {
        if (!any) {
          suppression.clear();
          covered.clear();
          any = true;
        }
        table.corners(candidate, box);
        suppression.add(box, score);
        picture.toPicture(box);
        covered.add(box);
      }
    }
    if (any) {
      scores[at + 1] = (double) suppression.count() / BoxOutput.FULL_COUNT;
      scores[at + 2] = covered.share();
    }
  }
}
