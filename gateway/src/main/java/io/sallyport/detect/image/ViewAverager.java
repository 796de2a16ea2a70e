package io.sallyport.detect.image;

import io.sallyport.detect.onnx.Framing;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Averages the rows of one picture into a grid for each framing, orientation and placement. For one
 * thread.
 */
final class ViewAverager implements RowSink {
  private static final VarHandle PIXELS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int width;
  private final Part[] parts;
  private final Planes planes;
  private byte[] black = new byte[0];
  private byte[] white = new byte[0];

  /** A grid as stored, and how what it becomes is shown. */
  private record Part(Framing framing, Orientation orientation, Placement shown, Grid grid) {
    List<View> views(Planes planes) {
      List<View> views = new ArrayList<>();
      for (float[] stored : grid.finish()) {
        float[] turned = orientation.show(stored, grid.width(), grid.height());
        if (turned != stored) {
          planes.give(stored);
        }
        views.add(new View(turned, shown));
      }
      return views;
    }
  }

  /**
   * @param width of the picture as stored
   * @param height of the picture as stored
   * @param orientations each in which it may be shown
   * @param planes where views are taken from
   */
  ViewAverager(
      int width,
      int height,
      Collection<Orientation> orientations,
      Collection<Framing> framings,
      Planes planes) {
    this.width = width;
    this.planes = planes;
    List<Part> all = new ArrayList<>();
    for (Framing framing : framings) {
      for (Orientation orientation : orientations) {
        int wide = orientation.width(width, height);
        int high = orientation.height(width, height);
        for (Placement shown : Placement.all(framing, wide, high)) {
          all.add(new Part(framing, orientation, shown, grid(framing, orientation, shown, height)));
        }
      }
    }
    this.parts = all.toArray(Part[]::new);
  }

  private Grid grid(Framing framing, Orientation orientation, Placement shown, int height) {
    int columns = orientation.width(framing.width(), framing.height());
    int rows = orientation.height(framing.width(), framing.height());
    Placement stored = orientation.stored(shown, columns, rows);
    Grid grid = Grid.of(framing.kernel(), columns, rows, stored, width, height, planes);
    if (framing.resize() instanceof Framing.Letterbox colour) {
      grid.surround(colour, stored);
    }
    return grid;
  }

  @Override
  public void rgb(int y, byte[] row) {
    addOpaque(y, row, 3);
  }

  @Override
  public void rgb(int y, MemorySegment row) {
    for (Part part : parts) {
      part.grid().addOpaque(y, row);
    }
  }

  @Override
  public void rgba(int y, byte[] row) {
    if (opaque(row)) {
      addOpaque(y, row, 4);
      return;
    }
    flatten(row);
    for (Part part : parts) {
      part.grid().addTranslucent(y, black, white, row);
    }
  }

  /** The views by framing, as {@link Picture} wants them. Called once, after the last row. */
  Map<Framing, List<View>> finish() {
    Map<Framing, List<View>> views = new HashMap<>();
    for (Part part : parts) {
      views.computeIfAbsent(part.framing(), it -> new ArrayList<>()).addAll(part.views(planes));
    }
    return views;
  }

  private void addOpaque(int y, byte[] row, int step) {
    for (Part part : parts) {
      part.grid().addOpaque(y, row, step);
    }
  }

  private boolean opaque(byte[] row) {
    int all = -1;
    for (int i = 0; i < width; i++) {
      all &= (int) PIXELS.get(row, 4 * i);
    }
    return all >>> 24 == 0xFF;
  }

  /** Composes over black and white, rounded to 8 bits as in a viewer's frame buffer. */
  private void flatten(byte[] rgba) {
    if (black.length == 0) {
      black = new byte[3 * width];
      white = new byte[3 * width];
    }
    int to = 0;
    for (int from = 0; from < 4 * width; from += 4) {
      int alpha = rgba[from + 3] & 0xFF;
      for (int channel = 0; channel < 3; channel++) {
        int lit = ((rgba[from + channel] & 0xFF) * alpha + 127) / 255;
        black[to] = (byte) lit;
        white[to] = (byte) (lit + 255 - alpha);
        to++;
      }
    }
  }
}
