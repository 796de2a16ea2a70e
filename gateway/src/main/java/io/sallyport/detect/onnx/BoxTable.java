package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.signal.Cause;
import java.nio.FloatBuffer;

/**
 * A run's candidate boxes, whatever their layout: scores by label, corners in sides of the input.
 * For one thread, until the next run writes into the same memory.
 */
final class BoxTable {
  /** What float arithmetic may stray beyond 0 and 1. */
  private static final double ROUNDING = 1e-4;

  /** No real box reaches further beyond the picture, in its sides: units are mixed up then. */
  private static final double BEYOND_MAX = 5;

  private final BoxOutput output;
  private final int candidates;
  private final Framing framing;
  private final FloatBuffer raw;

  /** Numbers from one candidate to the next, and from one number of a candidate to the next. */
  private final int rowStep;

  private final int step;

  /**
   * @param framing of the input
   * @param raw the output from index 0 on, of the shape for so many candidates
   * @throws UnavailableException {@code BAD_OUTPUT} when a number is not finite
   */
  BoxTable(BoxOutput output, int candidates, Framing framing, FloatBuffer raw)
      throws UnavailableException {
    this.output = output;
    this.candidates = candidates;
    this.framing = framing;
    this.raw = raw;
    int width =
        switch (output.layout()) {
          case YOLOV5 -> 5 + output.names().size();
          case YOLOV8 -> 4 + output.names().size();
          case YOLOV10 -> 6;
        };
    boolean transposed = output.layout() == BoxOutput.Layout.YOLOV8;
    this.rowStep = transposed ? 1 : width;
    this.step = transposed ? candidates : 1;
    for (int i = 0; i < candidates * width; i++) {
      if (!Float.isFinite(raw.get(i))) {
        throw bad("a number of a box is not finite");
      }
    }
  }

  int candidates() {
    return candidates;
  }

  /**
   * How strongly a candidate speaks for a label; 0 where it speaks for another.
   *
   * @throws UnavailableException {@code BAD_OUTPUT} for what is no score, or no class
   */
  double score(int label, int candidate) throws UnavailableException {
    return switch (output.layout()) {
      case YOLOV5 -> activated(at(candidate, 4)) * activated(at(candidate, 5 + label));
      case YOLOV8 -> activated(at(candidate, 4 + label));
      case YOLOV10 -> {
        double score = activated(at(candidate, 4));
        yield classOf(candidate) == label ? score : 0;
      }
    };
  }

  private int classOf(int candidate) throws UnavailableException {
    float number = at(candidate, 5);
    int label = Math.round(number);
    if (label != number || label < 0 || label >= output.names().size()) {
      throw bad("a box is of no class");
    }
    return label;
  }

  /**
   * A candidate's left, top, right and bottom, in sides of the input.
   *
   * @throws UnavailableException {@code BAD_OUTPUT} when they are no box near the picture
   */
  void corners(int candidate, double[] into) throws UnavailableException {
    boolean pixels = output.units() == BoxOutput.Units.PIXELS;
    for (int i = 0; i < 4; i++) {
      int side = i % 2 == 0 ? framing.width() : framing.height();
      into[i] = at(candidate, i) / (pixels ? side : 1.0);
    }
    if (output.layout() != BoxOutput.Layout.YOLOV10) {
      aroundCentre(into);
    }
    boolean box = into[0] <= into[2] && into[1] <= into[3];
    for (double corner : into) {
      box &= Math.abs(corner) <= BEYOND_MAX;
    }
    if (!box) {
      throw bad("the corners of a box are none");
    }
  }

  /** From centre, width and height to corners. */
  private static void aroundCentre(double[] box) {
    double right = box[0] + box[2] / 2;
    double bottom = box[1] + box[3] / 2;
    box[0] -= box[2] / 2;
    box[1] -= box[3] / 2;
    box[2] = right;
    box[3] = bottom;
  }

  private float at(int candidate, int number) {
    return raw.get(candidate * rowStep + number * step);
  }

  private double activated(float number) throws UnavailableException {
    if (output.activation() == Activation.SIGMOID) {
      return 1 / (1 + Math.exp(-number));
    }
    if (number < -ROUNDING || number > 1 + ROUNDING) {
      throw bad("the score of a box is out of range");
    }
    return Math.clamp(number, 0.0, 1.0);
  }

  private static UnavailableException bad(String detail) {
    return new UnavailableException(Cause.BAD_OUTPUT, detail);
  }
}
