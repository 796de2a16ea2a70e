package io.sallyport.detect.onnx;

/**
 * Where in a view the picture stands, in sides of the view: all of it, but for the margins of a
 * letterbox.
 *
 * @param left 0 to 1
 * @param top 0 to 1
 * @param right more than {@code left}, to 1
 * @param bottom more than {@code top}, to 1
 */
public record Region(double left, double top, double right, double bottom) {
  /** The picture fills the view. */
  public static final Region WHOLE = new Region(0, 0, 1, 1);

  public Region {
    if (!(0 <= left && left < right && right <= 1 && 0 <= top && top < bottom && bottom <= 1)) {
      throw new IllegalArgumentException("not a part of the view");
    }
  }

  /**
   * Turns left, top, right and bottom of a box, in sides of the view, into sides of the picture.
   */
  void toPicture(double[] box) {
    double width = right - left;
    double height = bottom - top;
    box[0] = (box[0] - left) / width;
    box[1] = (box[1] - top) / height;
    box[2] = (box[2] - left) / width;
    box[3] = (box[3] - top) / height;
  }
}
