package io.sallyport.detect.image;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes the rows of one picture, each once and in any order, and averages them into a grid per side
 * and view. For one thread.
 */
final class ViewAverager {
  private final int width;
  private final AreaGrid[] grids;
  private byte[] black = new byte[0];
  private byte[] white = new byte[0];

  ViewAverager(int width, int height, Set<Integer> sides) {
    this.width = width;
    this.grids =
        sides.stream().map(side -> new AreaGrid(side, width, height)).toArray(AreaGrid[]::new);
  }

  /** Takes row {@code y} as RGB, three bytes a pixel from index 0 on. */
  void rgb(int y, byte[] row) {
    addOpaque(y, row, 3);
  }

  /** Takes row {@code y} as RGBA, four bytes a pixel from index 0 on. */
  void rgba(int y, byte[] row) {
    if (opaque(row)) {
      addOpaque(y, row, 4);
      return;
    }
    flatten(row);
    for (AreaGrid grid : grids) {
      grid.addTranslucent(y, black, white, row);
    }
  }

  /** The views by side, as {@link Picture} wants them. Called once, after the last row. */
  Map<Integer, List<float[]>> finish() {
    Map<Integer, List<float[]>> views = new HashMap<>();
    for (AreaGrid grid : grids) {
      views.put(grid.side(), grid.finish());
    }
    return Map.copyOf(views);
  }

  private void addOpaque(int y, byte[] row, int step) {
    for (AreaGrid grid : grids) {
      grid.addOpaque(y, row, step);
    }
  }

  private boolean opaque(byte[] row) {
    int all = 0xFF;
    for (int i = 3; i < 4 * width; i += 4) {
      all &= row[i];
    }
    return all == 0xFF;
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
