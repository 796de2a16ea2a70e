package io.sallyport.detect.onnx;

/**
 * How a picture of any size becomes the rectangle of pixels that a model reads. Two models of equal
 * framing share their views.
 *
 * @param width of the rectangle in pixels, 1 to 1,024
 * @param height of the rectangle in pixels, 1 to 1,024
 * @param resize how proportions are dealt with
 * @param kernel how pixels are weighed
 */
public record Framing(int width, int height, Resize resize, Kernel kernel) {
  /** The longest side of a rectangle. */
  public static final int SIDE_MAX = 1024;

  public Framing {
    if (width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX) {
      throw new IllegalArgumentException("sides must be 1 to " + SIDE_MAX);
    }
    if (resize instanceof ShortestEdge edge && edge.to() < Math.max(width, height)) {
      throw new IllegalArgumentException("a crop beyond the scaled picture");
    }
  }

  /** The whole picture stretched to a square by area averages. */
  public static Framing square(int side) {
    return new Framing(side, side, new Stretch(), Kernel.AREA);
  }

  /** Numbers in a view: three planes. */
  public int numbers() {
    return 3 * width * height;
  }

  /** How proportions are dealt with. */
  public sealed interface Resize {}

  /** Width and height are scaled each for itself, and the whole picture is seen. */
  public record Stretch() implements Resize {}

  /**
   * The picture is scaled until its shorter edge has {@code to} pixels, and rectangles are cut out
   * of it.
   *
   * @param to pixels, at least the rectangle's longer side
   */
  public record ShortestEdge(int to) implements Resize {}

  /**
   * The picture is scaled until it fits into the rectangle, and stands in its middle.
   *
   * @param red of what surrounds it, 0 to 255
   * @param green likewise
   * @param blue likewise
   */
  public record Letterbox(int red, int green, int blue) implements Resize {
    /** The grey of YOLO's training. */
    public static final Letterbox GREY = new Letterbox(114, 114, 114);
  }

  /** How pixels are weighed. */
  public enum Kernel {
    /** Every pixel by the area of it that is covered. */
    AREA,
    /** A triangle, two pixels wide, wider by the ratio where a picture is made smaller. */
    BILINEAR,
    /** A cubic with a = -0.5, four pixels wide, wider by the ratio likewise. */
    BICUBIC
  }
}
