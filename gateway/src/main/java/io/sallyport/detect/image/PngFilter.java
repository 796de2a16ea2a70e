package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * Undoes the row filters of PNG, section 9 of the specification, in place.
 *
 * <p>Rows are separate arrays read at one index, and no running sum is stored and widened in one
 * expression: both let C2 compile these loops well (measured, a factor of four).
 */
final class PngFilter {
  private PngFilter() {}

  /**
   * @param row {@code length} filtered bytes; afterwards the bytes themselves
   * @param above the row before, unfiltered; zeros before the first
   * @param step whole bytes per pixel, at least 1
   */
  static void undo(int filter, byte[] row, byte[] above, int length, int step)
      throws UnavailableException {
    switch (filter) {
      case 0 -> {}
      case 1 -> sub(row, length, step);
      case 2 -> up(row, above, length);
      case 3 -> average(row, above, length, step);
      case 4 -> paeth(row, above, length, step);
      default -> throw Failures.undecodable("no such row filter");
    }
  }

  private static void sub(byte[] row, int length, int step) {
    for (int i = step; i < length; i++) {
      row[i] = (byte) (row[i] + row[i - step]);
    }
  }

  private static void up(byte[] row, byte[] above, int length) {
    for (int i = 0; i < length; i++) {
      row[i] = (byte) (row[i] + above[i]);
    }
  }

  private static void average(byte[] row, byte[] above, int length, int step) {
    int first = Math.min(step, length);
    for (int i = 0; i < first; i++) {
      row[i] = (byte) (row[i] + ((above[i] & 0xFF) >> 1));
    }
    for (int i = step; i < length; i++) {
      row[i] = (byte) (row[i] + (((row[i - step] & 0xFF) + (above[i] & 0xFF)) >> 1));
    }
  }

  private static void paeth(byte[] row, byte[] above, int length, int step) {
    int first = Math.min(step, length);
    for (int i = 0; i < first; i++) {
      row[i] = (byte) (row[i] + above[i]);
    }
    if (step == 3) {
      paeth3(row, above, length);
    } else {
      for (int i = step; i < length; i++) {
        row[i] =
            (byte)
                (row[i] + nearest(row[i - step] & 0xFF, above[i] & 0xFF, above[i - step] & 0xFF));
      }
    }
  }

  /** The commonest case, with the neighbours in registers. */
  private static void paeth3(byte[] row, byte[] above, int length) {
    int left0 = row[0] & 0xFF;
    int left1 = row[1] & 0xFF;
    int left2 = row[2] & 0xFF;
    int corner0 = above[0] & 0xFF;
    int corner1 = above[1] & 0xFF;
    int corner2 = above[2] & 0xFF;
    for (int i = 3; i < length - 2; i += 3) {
      int up0 = above[i] & 0xFF;
      int up1 = above[i + 1] & 0xFF;
      int up2 = above[i + 2] & 0xFF;
      left0 = (row[i] + nearest(left0, up0, corner0)) & 0xFF;
      left1 = (row[i + 1] + nearest(left1, up1, corner1)) & 0xFF;
      left2 = (row[i + 2] + nearest(left2, up2, corner2)) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
    }
  }

  /**
   * Paeth's predictor: whichever neighbour is nearest to left + up - corner; ties in that order.
   */
  private static int nearest(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - corner - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
