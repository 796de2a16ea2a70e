package io.sallyport.cli;

import io.sallyport.train.Reliability;
import io.sallyport.train.RocCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws a curve in the unit square as SVG, readable on a light and on a dark page. Labels hold
 * nothing that XML would have to escape.
 */
final class CurveSvg {
  private static final int SIDE = 320;
  private static final int MARGIN = 56;
  private static final int WHOLE = SIDE + 2 * MARGIN;

  private final String title;
  private final String across;
  private final String up;

  private CurveSvg(String title, String across, String up) {
    this.title = title;
    this.across = across;
    this.up = up;
  }

  private record Point(double x, double y) {}

  /** Share of true positives over share of false positives. */
  static String roc(String label, RocCurve curve) {
    List<Point> points =
        curve.points().stream()
            .map(point -> new Point(point.falsePositives(), point.truePositives()))
            .toList();
    return new CurveSvg("ROC of " + label, "without the label, raised", "with the label, found")
        .draw(points, false);
  }

  /** Share that has the label over mean score, one dot a bin. */
  static String reliability(String label, Reliability reliability) {
    List<Point> points =
        reliability.bins().stream().map(bin -> new Point(bin.score(), bin.share())).toList();
    return new CurveSvg("Reliability of " + label, "fitted score", "share with the label")
        .draw(points, true);
  }

  private String draw(List<Point> points, boolean dots) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" width="%1$d" height="%1$d" \
        font-family="sans-serif" font-size="12">
        <title>%2$s</title>
        <rect width="%1$d" height="%1$d" fill="#ffffff"/>
        <rect x="%3$d" y="%3$d" width="%4$d" height="%4$d" fill="none" stroke="#767676"/>
        <path d="M%3$d %5$dL%5$d %3$d" stroke="#767676" stroke-dasharray="4 4"/>
        <text x="%6$d" y="28" text-anchor="middle" font-size="14">%2$s</text>
        <text x="%6$d" y="%7$d" text-anchor="middle">%8$s</text>
        <text transform="translate(18 %6$d) rotate(-90)" text-anchor="middle">%9$s</text>
        """
            .formatted(
                WHOLE, title, MARGIN, SIDE, MARGIN + SIDE, WHOLE / 2, WHOLE - 14, across, up));
    for (int tick = 0; tick <= 4; tick++) {
      ticks(svg, tick / 4.0);
    }
    List<String> steps = new ArrayList<>();
    points.forEach(point -> steps.add(x(point.x()) + " " + y(point.y())));
    svg.append(
        "<path d=\"M%s\" fill=\"none\" stroke=\"#0b5cad\" stroke-width=\"2\"/>\n"
            .formatted(String.join("L", steps)));
    for (Point point : dots ? points : List.<Point>of()) {
      svg.append(
          "<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"#0b5cad\"/>\n"
              .formatted(x(point.x()), y(point.y())));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void ticks(StringBuilder svg, double at) {
    svg.append(
        "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
            .formatted(x(at), MARGIN + SIDE + 18, at));
    svg.append(
        "<text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n".formatted(MARGIN - 6, y(at), at));
  }

  private static String x(double share) {
    return String.format(Locale.ROOT, "%.1f", MARGIN + SIDE * share);
  }

  private static String y(double share) {
    return String.format(Locale.ROOT, "%.1f", MARGIN + SIDE * (1 - share));
  }
}
