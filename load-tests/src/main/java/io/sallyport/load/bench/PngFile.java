package io.sallyport.load.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes 8-bit RGB PNGs with the row filter that is asked for, as libpng writes them. */
final class PngFile {
  /** What libpng does by default: on each row the filter with the least sum of differences. */
  static final int ADAPTIVE = -1;

  private static final int FILTERS = 5;
  private static final int PIXEL = 3;
  private static final long MAGIC = 0x89504E470D0A1A0AL;

  /** The size of libpng's chunks. */
  private static final int CHUNK = 8192;

  private PngFile() {}

  /**
   * @param rgb three bytes a pixel, rows from the top
   * @param filter 0 to 4, or {@link #ADAPTIVE}
   */
  static byte[] write(byte[] rgb, int width, int height, int filter) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(ByteBuffer.allocate(8).putLong(MAGIC).array());
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(file, "IHDR", header.put(new byte[] {8, 2, 0, 0, 0}).array(), 0, 13);
    byte[] packed = deflate(filtered(rgb, width, height, filter));
    for (int at = 0; at < packed.length; at += CHUNK) {
      chunk(file, "IDAT", packed, at, Math.min(CHUNK, packed.length - at));
    }
    chunk(file, "IEND", packed, 0, 0);
    return file.toByteArray();
  }

  private static byte[] filtered(byte[] rgb, int width, int height, int filter) {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    int length = PIXEL * width;
    byte[] above = new byte[length];
    for (int y = 0; y < height; y++) {
      byte[] row = new byte[length];
      System.arraycopy(rgb, y * length, row, 0, length);
      int used = filter == ADAPTIVE ? best(row, above) : filter;
      rows.write(used);
      rows.writeBytes(filtered(row, above, used));
      above = row;
    }
    return rows.toByteArray();
  }

  private static int best(byte[] row, byte[] above) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int filter = 0; filter < FILTERS; filter++) {
      long sum = 0;
      for (byte difference : filtered(row, above, filter)) {
        sum += Math.abs(difference);
      }
      if (sum < least) {
        least = sum;
        best = filter;
      }
    }
    return best;
  }

  private static byte[] filtered(byte[] row, byte[] above, int filter) {
    byte[] filtered = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      int left = i < PIXEL ? 0 : row[i - PIXEL] & 0xFF;
      int corner = i < PIXEL ? 0 : above[i - PIXEL] & 0xFF;
      int up = above[i] & 0xFF;
      int predicted =
          switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            case 4 -> paeth(left, up, corner);
            default -> throw new IllegalArgumentException("filter " + filter);
          };
      filtered[i] = (byte) (row[i] - predicted);
    }
    return filtered;
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private static byte[] deflate(byte[] raw) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(raw);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[CHUNK];
      while (!deflater.finished()) {
        out.write(block, 0, deflater.deflate(block));
      }
      return out.toByteArray();
    }
  }

  private static void chunk(
      ByteArrayOutputStream file, String type, byte[] data, int from, int length) {
    byte[] typed = new byte[4 + length];
    System.arraycopy(type.getBytes(StandardCharsets.ISO_8859_1), 0, typed, 0, 4);
    System.arraycopy(data, from, typed, 4, length);
    CRC32 crc = new CRC32();
    crc.update(typed);
    file.writeBytes(
        ByteBuffer.allocate(12 + length)
            .putInt(length)
            .put(typed)
            .putInt((int) crc.getValue())
            .array());
  }
}
