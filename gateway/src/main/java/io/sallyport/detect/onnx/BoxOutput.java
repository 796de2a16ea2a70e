package io.sallyport.detect.onnx;

import io.sallyport.detect.onnx.ScoreOutput.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * How a table of candidate boxes becomes scores.
 *
 * <p>Each label has three signals: its own name, the score of its strongest candidate, whatever
 * becomes of the box; {@link #COUNT}, how many boxes are left after suppression, in hundredths; and
 * {@link #AREA}, the share of the picture that candidates of at least {@code minScore} cover.
 *
 * @param tensor the output's name in the graph
 * @param layout what a candidate consists of
 * @param units what coordinates are counted in
 * @param names what the classes are called, in their order; distinct
 * @param activation {@code NONE} or {@code SIGMOID}, of objectness and of every class on its own
 * @param minScore above 0 and up to 1: below it a candidate is no box
 * @param iou 0 to 1: a box that shares more than this with a stronger one of its label is the same
 *     thing seen twice. Intersection over union
 * @param maxBoxes boxes of one label are counted up to here, 1 to 100
 * @param candidates rows of the table; 0 where the graph itself says how many
 */
public record BoxOutput(
    String tensor,
    Layout layout,
    Units units,
    List<String> names,
    Activation activation,
    double minScore,
    double iou,
    int maxBoxes,
    int candidates) {

  /** Ends the label that counts boxes: 0.01 for each, so that 1 is a hundred. */
  public static final String COUNT = ".count";

  /** Ends the label of the covered share of the picture. */
  public static final String AREA = ".area";

  /** Boxes that make a count of 1. */
  static final int FULL_COUNT = 100;

  /** Signals of one label. */
  static final int SIGNALS = 3;

  public BoxOutput {
    names = List.copyOf(names);
    if (activation == Activation.SOFTMAX) {
      throw new IllegalArgumentException("classes of boxes do not exclude each other");
    }
  }

  /** Every label that it gives: for each name the score, the count and the area. */
  public List<String> labels() {
    List<String> labels = new ArrayList<>(SIGNALS * names.size());
    for (String name : names) {
      labels.add(name);
      labels.add(name + COUNT);
      labels.add(name + AREA);
    }
    return labels;
  }

  /** The output's shape for so many candidates. */
  long[] shape(long rows) {
    return switch (layout) {
      case YOLOV5 -> new long[] {1, rows, 5L + names.size()};
      case YOLOV8 -> new long[] {1, 4L + names.size(), rows};
      case YOLOV10 -> new long[] {1, rows, 6};
    };
  }

  /** Where in {@link #shape} the candidates are counted. */
  int rowsAt() {
    return layout == Layout.YOLOV8 ? 2 : 1;
  }

  /** What the numbers of a candidate are. The names are those of the families' exports. */
  public enum Layout {
    /** {@code [1, N, 5 + C]}: centre x, y, width, height, objectness, a number per class. */
    YOLOV5,
    /** {@code [1, 4 + C, N]}: centre x, y, width, height, a number per class. */
    YOLOV8,
    /** {@code [1, N, 6]}: left, top, right, bottom, score, class. Suppressed in the graph. */
    YOLOV10
  }

  /** What coordinates are counted in. */
  public enum Units {
    /** Pixels of the input. */
    PIXELS,
    /** Sides of the input: 0 to 1. */
    NORMALISED
  }
}
