package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;

/** A full frame and the straightforward area average of it, to judge the streaming one by. */
record Pixels(int width, int height, int[] argb) {
  static Pixels of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    return new Pixels(width, height, image.getRGB(0, 0, width, height, null, 0, width));
  }

  BufferedImage image(int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    image.setRGB(0, 0, width, height, argb, 0, width);
    return image;
  }

  boolean opaque() {
    for (int pixel : argb) {
      if (pixel >>> 24 != 255) {
        return false;
      }
    }
    return true;
  }

  /** Compares every view and every cell; returns the largest difference. */
  double assertAveragedBy(Picture picture, int side, double tolerance) {
    List<float[]> views = picture.views(side);
    assertThat(picture.width()).isEqualTo(width);
    assertThat(picture.height()).isEqualTo(height);
    assertThat(views).hasSize(opaque() ? 1 : 3);
    double worst = 0;
    for (int view = 0; view < views.size(); view++) {
      int background = views.size() == 1 ? -1 : new int[] {0, 255, -1}[view];
      assertThat(views.get(view)).hasSize(3 * side * side);
      worst = Math.max(worst, worst(views.get(view), side, background));
    }
    assertThat(worst).isLessThanOrEqualTo(tolerance);
    return worst;
  }

  private double worst(float[] actual, int side, int background) {
    double worst = 0;
    for (int channel = 0; channel < 3; channel++) {
      for (int cell = 0; cell < side * side; cell++) {
        double expected = cell(side, cell % side, cell / side, channel, background);
        float value = actual[channel * side * side + cell];
        assertThat(value).isBetween(0f, 255f);
        worst = Math.max(worst, Math.abs(value - expected));
      }
    }
    return worst;
  }

  private double cell(int side, int cellX, int cellY, int channel, int background) {
    double left = (double) cellX * width / side;
    double right = (double) (cellX + 1) * width / side;
    double top = (double) cellY * height / side;
    double bottom = (double) (cellY + 1) * height / side;
    double sum = 0;
    for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
      double tall = Math.min(bottom, y + 1) - Math.max(top, y);
      for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
        double wide = Math.min(right, x + 1) - Math.max(left, x);
        sum += Math.max(0, wide) * Math.max(0, tall) * value(y * width + x, channel, background);
      }
    }
    return sum / ((right - left) * (bottom - top));
  }

  /**
   * @param background 0, 255, or -1 for the bare colour
   */
  private int value(int at, int channel, int background) {
    int colour = argb[at] >> (16 - 8 * channel) & 0xFF;
    int alpha = argb[at] >>> 24;
    return background < 0
        ? colour
        : (int) Math.round((colour * alpha + background * (255 - alpha)) / 255.0);
  }
}
