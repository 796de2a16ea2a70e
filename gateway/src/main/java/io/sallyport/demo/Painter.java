package io.sallyport.demo;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.random.RandomGenerator;

/**
 * One picture under the brush: a light backdrop, the scene, and a grain over both.
 *
 * <p>Everything that varies comes from the given generator, so that equal seeds paint equal
 * pictures. The grain gives a PNG about the size of a photograph's: a flat picture would compress
 * to nothing and flatter whoever measures.
 */
final class Painter {
  private static final int GRAIN = 8;
  private static final int BLOBS = 14;
  private static final Color TOP = new Color(0xFAF8F2);
  private static final Color BOTTOM = new Color(0xE2E6EA);

  private final BufferedImage picture;
  private final RandomGenerator random;

  private Painter(int width, int height, RandomGenerator random) {
    this.picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    this.random = random;
  }

  /** Paints a scene; sides are in pixels. */
  static BufferedImage paint(Scene scene, int width, int height, RandomGenerator random) {
    Painter painter = new Painter(width, height, random);
    painter.fill(scene);
    painter.sprinkleGrain();
    return painter.picture;
  }

  private void fill(Scene scene) {
    Graphics2D brush = picture.createGraphics();
    try {
      brush.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      brush.setPaint(new GradientPaint(0, 0, TOP, 0, picture.getHeight(), BOTTOM));
      brush.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      switch (scene) {
        case Scene.Drawing drawing -> draw(brush, drawing);
        case Scene.Abstract _ -> drawBlobs(brush);
      }
    } finally {
      brush.dispose();
    }
  }

  /** The figure reaches over 92 % of the shorter side, a little off centre and askew. */
  private void draw(Graphics2D brush, Scene.Drawing drawing) {
    double reach = 0.46 * Math.min(picture.getWidth(), picture.getHeight());
    AffineTransform place = new AffineTransform();
    place.translate(
        picture.getWidth() / 2.0 + reach * random.nextDouble(-0.04, 0.04),
        picture.getHeight() / 2.0 + reach * random.nextDouble(-0.04, 0.04));
    place.rotate(random.nextDouble(-0.05, 0.05));
    place.scale(reach, reach);
    brush.setColor(new Color(drawing.hue().rgb()));
    brush.fill(place.createTransformedShape(drawing.figure().outline()));
  }

  private void drawBlobs(Graphics2D brush) {
    Figure[] figures = Figure.values();
    for (int blob = 0; blob < BLOBS; blob++) {
      Shape outline = figures[random.nextInt(figures.length)].outline();
      double reach =
          random.nextDouble(0.06, 0.3) * Math.min(picture.getWidth(), picture.getHeight());
      AffineTransform place = new AffineTransform();
      place.translate(
          random.nextDouble() * picture.getWidth(), random.nextDouble() * picture.getHeight());
      place.rotate(random.nextDouble(Math.TAU));
      place.scale(reach, reach);
      brush.setColor(translucent(Scene.anyHue(random)));
      brush.fill(place.createTransformedShape(outline));
    }
  }

  private static Color translucent(Hue hue) {
    return new Color(hue.rgb() | 0xC0 << 24, true);
  }

  private void sprinkleGrain() {
    int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < pixels.length; i++) {
      int shift = random.nextInt(2 * GRAIN + 1) - GRAIN;
      int rgb = pixels[i];
      pixels[i] =
          Math.clamp((rgb >> 16 & 0xFF) + shift, 0, 255) << 16
              | Math.clamp((rgb >> 8 & 0xFF) + shift, 0, 255) << 8
              | Math.clamp((rgb & 0xFF) + shift, 0, 255);
    }
  }
}
