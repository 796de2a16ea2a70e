package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import java.util.List;

/**
 * A loaded model that reads one view of a picture and scores labels, whatever it finds in between.
 */
public sealed interface ImageScorer extends LoadedModel permits BoxModel, ImageModel {

  /** What the views that it reads are like. */
  Framing framing();

  /** The labels, in the order of the scores. */
  List<String> labels();

  /** Scores a view that the picture fills; see {@link #scores(float[], Region, long)}. */
  default double[] scores(float[] view, long deadlineNanos) throws UnavailableException {
    return scores(view, Region.WHOLE, deadlineNanos);
  }

  /**
   * Scores one view.
   *
   * @param view planar R, G, B, each {@code width * height} of {@link #framing()}, row by row, 0 to
   *     255
   * @param picture where in the view the picture stands; areas are shares of that
   * @return one score from 0 to 1 per label, in the order of {@link #labels()}
   * @throws UnavailableException {@code TIMEOUT}, {@code BAD_OUTPUT} or {@code CRASH}
   */
  double[] scores(float[] view, Region picture, long deadlineNanos) throws UnavailableException;
}
