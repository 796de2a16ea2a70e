package io.sallyport.detect.image;

import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Where a scaled picture stands in the rectangle that a model reads; the way back from a place in
 * the rectangle to one in the picture.
 *
 * @param width of the whole scaled picture, in pixels of the rectangle
 * @param height of the whole scaled picture, in pixels of the rectangle
 * @param left the scaled picture's left edge in the rectangle; negative where it is cut off
 * @param top the scaled picture's top edge in the rectangle; negative where it is cut off
 */
public record Placement(int width, int height, int left, int top) {
  /** Rectangles that are cut from one picture at most; more are too long a picture. */
  static final int MAX_CROPS = 32;

  /**
   * A place in the picture as it is shown.
   *
   * @param x in pixels of the rectangle, 0 at its left edge
   * @return 0 at the picture's left edge, 1 at its right one; outside of that in a margin
   */
  public double xInPicture(double x) {
    return (x - left) / width;
  }

  /**
   * A place in the picture as it is shown.
   *
   * @param y in pixels of the rectangle, 0 at its top edge
   * @return 0 at the picture's top edge, 1 at its bottom one; outside of that in a margin
   */
  public double yInPicture(double y) {
    return (y - top) / height;
  }

  /** The part of a rectangle of this framing that shows the picture. */
  Region region(Framing framing) {
    double right = Math.min(framing.width(), left + width);
    double bottom = Math.min(framing.height(), top + height);
    return new Region(
        Math.max(0.0, left) / framing.width(),
        Math.max(0.0, top) / framing.height(),
        right / framing.width(),
        bottom / framing.height());
  }

  /** Every place at which a picture of this size is read; together they show all of it. */
  static List<Placement> all(Framing framing, int width, int height) {
    return switch (framing.resize()) {
      case Framing.Stretch stretch ->
          List.of(new Placement(framing.width(), framing.height(), 0, 0));
      case Framing.ShortestEdge edge -> crops(framing, edge.to(), width, height);
      case Framing.Letterbox box -> List.of(letterbox(framing, width, height));
    };
  }

  /** How many places {@link #all} has, as far as they are few enough to be made. */
  static long count(Framing framing, int width, int height) {
    if (!(framing.resize() instanceof Framing.ShortestEdge edge)) {
      return 1;
    }
    long wide = scaled(edge.to(), width, height);
    long high = scaled(edge.to(), height, width);
    return Math.ceilDiv(wide, framing.width()) * Math.ceilDiv(high, framing.height()) + 1;
  }

  /**
   * The shorter edge becomes {@code to}, the longer one is cut to a whole number (as torchvision's
   * {@code Resize} and transformers' {@code shortest_edge} do).
   */
  private static long scaled(int to, int length, int other) {
    return length <= other ? to : (long) to * length / other;
  }

  /** The crop that the model was trained on first: the one in the middle. */
  private static List<Placement> crops(Framing framing, int to, int width, int height) {
    int wide = Math.toIntExact(scaled(to, width, height));
    int high = Math.toIntExact(scaled(to, height, width));
    int middleX = (wide - framing.width()) / 2;
    int middleY = (high - framing.height()) / 2;
    List<Placement> crops = new ArrayList<>();
    crops.add(new Placement(wide, high, -middleX, -middleY));
    for (int y : offsets(high, framing.height())) {
      for (int x : offsets(wide, framing.width())) {
        Placement crop = new Placement(wide, high, -x, -y);
        if (!crop.equals(crops.getFirst())) {
          crops.add(crop);
        }
      }
    }
    return crops;
  }

  /** The fewest starts of windows that cover a length, evenly spread from its start to its end. */
  private static Iterable<Integer> offsets(int length, int window) {
    TreeSet<Integer> offsets = new TreeSet<>();
    int steps = Math.ceilDiv(length, window) - 1;
    for (int i = 0; i <= steps; i++) {
      offsets.add(steps == 0 ? 0 : (int) ((long) (length - window) * i / steps));
    }
    return offsets;
  }

  /** Sizes rounded half to even and margins rounded down, as Ultralytics' {@code LetterBox}. */
  private static Placement letterbox(Framing framing, int width, int height) {
    double ratio = Math.min((double) framing.width() / width, (double) framing.height() / height);
    int wide = Math.clamp((int) Math.rint(width * ratio), 1, framing.width());
    int high = Math.clamp((int) Math.rint(height * ratio), 1, framing.height());
    int left = (framing.width() - wide) / 2;
    return new Placement(wide, high, left, (framing.height() - high) / 2);
  }
}
