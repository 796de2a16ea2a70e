package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the views of one picture's frames. For one thread. */
final class Views {
  /** Memory for the views of one picture. */
  static final long MAX_BYTES = 256L << 20;

  private final ImageHeader header;
  private final Set<Framing> framings;
  private final long maxBytes;
  private final Planes planes;
  private final Map<Framing, List<View>> all = new HashMap<>();
  private long bytes;

  /**
   * @param maxBytes memory for all of them
   * @param planes where views are taken from
   * @throws UnavailableException when the picture is so long that too many crops would be needed
   */
  Views(ImageHeader header, Set<Framing> framings, long maxBytes, Planes planes)
      throws UnavailableException {
    this.header = header;
    this.framings = framings;
    this.maxBytes = maxBytes;
    this.planes = planes;
    for (Framing framing : framings) {
      for (Orientation orientation : header.orientations()) {
        int width = orientation.width(header.width(), header.height());
        int height = orientation.height(header.width(), header.height());
        if (Placement.count(framing, width, height) > Placement.MAX_CROPS) {
          throw Failures.tooLarge("too long a picture to be cut into crops");
        }
      }
    }
  }

  /** For the rows of one more frame. */
  ViewAverager averager() {
    return new ViewAverager(
        header.width(), header.height(), header.orientations(), framings, planes);
  }

  /** Takes the views of a frame that was read to its end. */
  void add(ViewAverager averager) throws UnavailableException {
    for (Map.Entry<Framing, List<View>> views : averager.finish().entrySet()) {
      for (View view : views.getValue()) {
        bytes += (long) Float.BYTES * view.pixels().length;
      }
      all.computeIfAbsent(views.getKey(), it -> new ArrayList<>()).addAll(views.getValue());
    }
    if (bytes > maxBytes) {
      throw Failures.tooLarge("views are beyond their memory");
    }
  }

  /** All of them; the caller's to empty when they are released. */
  Map<Framing, List<View>> finish() {
    return all;
  }
}
