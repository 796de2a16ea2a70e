package io.sallyport.demo;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A shape that a prompt can name. */
enum Figure {
  CIRCLE(() -> disc(1), "circle", "disc", "dot", "ball"),
  SQUARE(() -> box(1, 1), "square", "box"),
  RECTANGLE(() -> box(1, 0.6), "rectangle"),
  OVAL(() -> new Ellipse2D.Double(-1, -0.65, 2, 1.3), "oval", "ellipse"),
  TRIANGLE(() -> star(3, 0.5), "triangle"),
  DIAMOND(() -> star(2, 0.7), "diamond"),
  PENTAGON(() -> star(5, Math.cos(Math.PI / 5)), "pentagon"),
  HEXAGON(() -> star(6, Math.cos(Math.PI / 6)), "hexagon"),
  STAR(() -> star(5, 0.42), "star"),
  RING(Figure::ring, "ring", "donut", "hoop"),
  CROSS(Figure::cross, "cross", "plus"),
  LINE(() -> box(1, 0.08), "line", "stripe", "bar");

  private final Supplier<Shape> outline;
  private final List<String> words;

  Figure(Supplier<Shape> outline, String... words) {
    this.outline = outline;
    this.words = List.of(words);
  }

  /** A fresh outline around the origin, reaching from -1 to 1 where it is widest. */
  Shape outline() {
    return outline.get();
  }

  /** The first shape among the words; plurals count. */
  static Optional<Figure> firstNamed(List<String> words) {
    for (String word : words) {
      for (Figure figure : values()) {
        if (figure.isNamedBy(word)) {
          return Optional.of(figure);
        }
      }
    }
    return Optional.empty();
  }

  private boolean isNamedBy(String word) {
    return words.stream()
        .anyMatch(name -> word.equals(name) || word.equals(name + "s") || word.equals(name + "es"));
  }

  private static Shape disc(double radius) {
    return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
  }

  private static Shape box(double halfWidth, double halfHeight) {
    return new Rectangle2D.Double(-halfWidth, -halfHeight, 2 * halfWidth, 2 * halfHeight);
  }

  /**
   * Points on the unit circle, the first at the top, with a dent of radius {@code waist} between.
   */
  private static Shape star(int points, double waist) {
    Path2D path = new Path2D.Double();
    for (int corner = 0; corner < 2 * points; corner++) {
      double radius = corner % 2 == 0 ? 1 : waist;
      double angle = Math.PI * corner / points - Math.PI / 2;
      double x = radius * Math.cos(angle);
      double y = radius * Math.sin(angle);
      if (corner == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }

  private static Shape ring() {
    Area ring = new Area(disc(1));
    ring.subtract(new Area(disc(0.6)));
    return ring;
  }

  private static Shape cross() {
    Area cross = new Area(box(1, 0.3));
    cross.add(new Area(box(0.3, 1)));
    return cross;
  }
}
