package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Streams PNGs of every colour type, bit depth and interlace row by row into averages: no frame is
 * held, and memory grows with the width only, but for a {@link WholeInflater} when there is one.
 * Safe on every thread.
 */
final class PngReader {
  private static final int KEPT = 16;

  /** Idle scratch; more decodes than this at once make their own. */
  private final ArrayBlockingQueue<PngScratch> idle = new ArrayBlockingQueue<>(KEPT);

  /** The shortest way to the rows, when the machine has it. */
  private final Optional<WholeInflater> whole;

  PngReader(Optional<WholeInflater> whole) {
    this.whole = whole;
  }

  void read(FileBytes file, PngHeader header, RowSink sink) throws UnavailableException {
    PngScratch taken = idle.poll();
    PngScratch scratch = taken == null ? new PngScratch() : taken;
    try (PngRows rows = rows(file, header, scratch)) {
      PngPixels pixels = PngPixels.of(file, header);
      for (PngPass pass : header.passes()) {
        readPass(header, pass, rows, pixels, scratch, sink);
      }
      rows.end();
    } finally {
      scratch.clear();
      if (!idle.offer(scratch)) {
        scratch.inflater.end();
      }
    }
  }

  private PngRows rows(FileBytes file, PngHeader header, PngScratch scratch)
      throws UnavailableException {
    if (whole.isPresent()) {
      Optional<PngRows> rows = whole.get().rows(file, header);
      if (rows.isPresent()) {
        return rows.get();
      }
    }
    return new StreamedRows(file, header, scratch);
  }

  private static void readPass(
      PngHeader header,
      PngPass pass,
      PngRows rows,
      PngPixels pixels,
      PngScratch scratch,
      RowSink sink)
      throws UnavailableException {
    int columns = pass.columns(header.width());
    if (columns == 0) {
      return;
    }
    int length = header.rowBytes(columns);
    int step = Math.max(1, header.bitsPerPixel() / 8);
    scratch.fit(length);
    scratch.fitPixels(header.plain() ? 0 : header.width());
    Arrays.fill(scratch.above, 0, length, (byte) 0);
    for (int y = pass.y(); y < header.height(); y += pass.dy()) {
      int filter = rows.next(scratch.row, length);
      PngFilter.undo(filter, scratch.row, scratch.above, length, step);
      if (header.plain()) {
        average(header, y, scratch.row, sink);
      } else {
        expand(header, pass, pixels, scratch, columns);
        sink.rgba(y, scratch.rgba);
      }
      scratch.turn();
    }
  }

  private static void average(PngHeader header, int y, byte[] row, RowSink sink) {
    if (header.colour() == PngColour.RGB) {
      sink.rgb(y, row);
    } else {
      sink.rgba(y, row);
    }
  }

  /** Pixels of other passes stay opaque black, which adds nothing to any view's sum. */
  private static void expand(
      PngHeader header, PngPass pass, PngPixels pixels, PngScratch scratch, int columns)
      throws UnavailableException {
    byte[] rgba = scratch.rgba;
    if (pass.dx() > 1) {
      int end = 4 * header.width();
      Arrays.fill(rgba, 0, end, (byte) 0);
      for (int i = 3; i < end; i += 4) {
        rgba[i] = (byte) 0xFF;
      }
    }
    pixels.expand(scratch.row, columns, rgba, 4 * pass.x(), 4 * pass.dx());
  }
}
