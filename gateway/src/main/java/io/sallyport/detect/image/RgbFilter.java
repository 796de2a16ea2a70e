package io.sallyport.detect.image;

/** The filters that look to the left, for pixels of three bytes: three chains at once. */
final class RgbFilter {
  private RgbFilter() {}

  static void sub(byte[] row, int length) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    for (int i = 0; i < length - 2; i += 3) {
      left0 = (row[i] + left0) & 0xFF;
      left1 = (row[i + 1] + left1) & 0xFF;
      left2 = (row[i + 2] + left2) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
    }
  }

  static void average(byte[] row, byte[] above, int length) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    for (int i = 0; i < length - 2; i += 3) {
      left0 = (row[i] + ((left0 + (above[i] & 0xFF)) >> 1)) & 0xFF;
      left1 = (row[i + 1] + ((left1 + (above[i + 1] & 0xFF)) >> 1)) & 0xFF;
      left2 = (row[i + 2] + ((left2 + (above[i + 2] & 0xFF)) >> 1)) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
    }
  }

  static void paeth(byte[] row, byte[] above, int length) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    int corner0 = 0;
    int corner1 = 0;
    int corner2 = 0;
    for (int i = 0; i < length - 2; i += 3) {
      int up0 = above[i] & 0xFF;
      int up1 = above[i + 1] & 0xFF;
      int up2 = above[i + 2] & 0xFF;
      left0 = (row[i] + PngFilter.nearest(left0, up0, corner0)) & 0xFF;
      left1 = (row[i + 1] + PngFilter.nearest(left1, up1, corner1)) & 0xFF;
      left2 = (row[i + 2] + PngFilter.nearest(left2, up2, corner2)) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
    }
  }
}
