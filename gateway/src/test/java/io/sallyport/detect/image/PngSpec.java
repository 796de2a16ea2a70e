package io.sallyport.detect.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A PNG of any kind that the specification knows, by its samples. Writes itself and says what a
 * reader must see; shares no code with the reader under test.
 *
 * @param colour 0, 2, 3, 4 or 6
 * @param filter 0 to 4, or -1 for a different one on every row
 * @param chunk bytes per IDAT chunk
 * @param samples row by row, each of {@code depth} bits
 * @param palette RGB triples
 * @param transparency data of tRNS; empty for none
 */
record PngSpec(
    int width,
    int height,
    int depth,
    int colour,
    boolean interlaced,
    int filter,
    int chunk,
    int[] samples,
    byte[] palette,
    byte[] transparency) {

  static final byte[] MAGIC = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  /** Noise over a slope, so that every filter and every cell has something to get wrong. */
  static PngSpec random(SplittableRandom random, int width, int height, int colour, int depth) {
    int channels = channels(colour);
    int[] samples = new int[width * height * channels];
    byte[] palette = new byte[0];
    int top = 1 << depth;
    if (colour == 3) {
      palette = new byte[3 * Math.min(top, 1 + random.nextInt(top))];
      random.nextBytes(palette);
      top = palette.length / 3;
    }
    for (int i = 0; i < samples.length; i++) {
      int slope = (int) ((long) top * i / samples.length);
      samples[i] = (slope + random.nextInt(Math.max(1, top / 3))) % top;
    }
    return new PngSpec(
        width, height, depth, colour, false, -1, 8192, samples, palette, new byte[0]);
  }

  /** An 8-bit RGB picture of one colour. */
  static PngSpec flat(int width, int height, int rgb) {
    int[] samples = new int[3 * width * height];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = rgb >> (16 - 8 * (i % 3)) & 0xFF;
    }
    return new PngSpec(width, height, 8, 2, false, 0, 8192, samples, new byte[0], new byte[0]);
  }

  PngSpec withInterlace() {
    return new PngSpec(
        width, height, depth, colour, true, filter, chunk, samples, palette, transparency);
  }

  PngSpec withFilter(int only) {
    return new PngSpec(
        width, height, depth, colour, interlaced, only, chunk, samples, palette, transparency);
  }

  PngSpec withChunk(int bytes) {
    return new PngSpec(
        width, height, depth, colour, interlaced, filter, bytes, samples, palette, transparency);
  }

  PngSpec withTransparency(byte... data) {
    return new PngSpec(
        width, height, depth, colour, interlaced, filter, chunk, samples, palette, data);
  }

  static int channels(int colour) {
    return switch (colour) {
      case 0, 3 -> 1;
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> throw new IllegalArgumentException("colour " + colour);
    };
  }

  byte[] encode() {
    return file(
        header(),
        palette.length == 0 ? new byte[0] : chunk("PLTE", palette),
        transparency.length == 0 ? new byte[0] : chunk("tRNS", transparency),
        data(deflate(raw())),
        chunk("IEND"));
  }

  byte[] header() {
    return header(width, height, depth, colour, interlaced ? 1 : 0);
  }

  static byte[] header(int width, int height, int depth, int colour, int interlace) {
    ByteBuffer data = ByteBuffer.allocate(13).putInt(width).putInt(height);
    data.put((byte) depth).put((byte) colour).put((byte) 0).put((byte) 0).put((byte) interlace);
    return chunk("IHDR", data.array());
  }

  /** The compressed data, cut into IDAT chunks. */
  byte[] data(byte[] deflated) {
    byte[][] chunks = new byte[(deflated.length + chunk - 1) / chunk][];
    for (int i = 0; i < chunks.length; i++) {
      int end = Math.min(deflated.length, (i + 1) * chunk);
      chunks[i] = chunk("IDAT", Arrays.copyOfRange(deflated, i * chunk, end));
    }
    return concat(chunks);
  }

  static byte[] file(byte[]... chunks) {
    return concat(MAGIC, concat(chunks));
  }

  static byte[] chunk(String type, byte... data) {
    byte[] typed = concat(type.getBytes(StandardCharsets.ISO_8859_1), data);
    CRC32 crc = new CRC32();
    crc.update(typed);
    return ByteBuffer.allocate(data.length + 12)
        .putInt(data.length)
        .put(typed)
        .putInt((int) crc.getValue())
        .array();
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] deflate(byte[] raw) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(raw);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[8192];
      while (!deflater.finished()) {
        out.write(block, 0, deflater.deflate(block));
      }
      return out.toByteArray();
    }
  }

  /** Filtered rows, each after its filter type, all passes. */
  byte[] raw() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int[][] passes = interlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}};
    for (int[] pass : passes) {
      writePass(out, pass);
    }
    return out.toByteArray();
  }

  private void writePass(ByteArrayOutputStream out, int[] pass) {
    int columns = (width - pass[0] + pass[2] - 1) / pass[2];
    int bits = depth * channels(colour);
    byte[] above = new byte[(columns * bits + 7) / 8];
    for (int y = pass[1]; columns > 0 && y < height; y += pass[3]) {
      byte[] row = pack(y, pass[0], pass[2], above.length);
      int type = filter >= 0 ? filter : y % 5;
      out.write(type);
      int step = Math.max(1, bits / 8);
      for (int i = 0; i < row.length; i++) {
        int left = i < step ? 0 : row[i - step] & 0xFF;
        int corner = i < step ? 0 : above[i - step] & 0xFF;
        out.write(row[i] - predict(type, left, above[i] & 0xFF, corner));
      }
      above = row;
    }
  }

  private byte[] pack(int y, int x0, int dx, int length) {
    byte[] row = new byte[length];
    int channels = channels(colour);
    int bit = 0;
    for (int x = x0; x < width; x += dx) {
      for (int c = 0; c < channels; c++) {
        int sample = samples[(y * width + x) * channels + c];
        for (int b = depth - 1; b >= 0; b--) {
          row[bit >> 3] |= (byte) ((sample >> b & 1) << (7 - (bit & 7)));
          bit++;
        }
      }
    }
    return row;
  }

  private static int predict(int type, int left, int up, int corner) {
    return switch (type) {
      case 1 -> left;
      case 2 -> up;
      case 3 -> (left + up) / 2;
      case 4 -> {
        int p = left + up - corner;
        int best = left;
        best = Math.abs(p - up) < Math.abs(p - best) ? up : best;
        yield Math.abs(p - corner) < Math.abs(p - best) ? corner : best;
      }
      default -> 0;
    };
  }

  /** What a viewer sees. */
  Pixels pixels() {
    int[] argb = new int[width * height];
    for (int i = 0; i < argb.length; i++) {
      argb[i] = pixel(i);
    }
    return new Pixels(width, height, argb);
  }

  private int pixel(int i) {
    int channels = channels(colour);
    if (colour == 3) {
      int index = samples[i];
      int alpha = index < transparency.length ? transparency[index] & 0xFF : 255;
      int p = 3 * index;
      return argb(alpha, palette[p] & 0xFF, palette[p + 1] & 0xFF, palette[p + 2] & 0xFF);
    }
    int at = i * channels;
    boolean grey = colour == 0 || colour == 4;
    int alpha = colour >= 4 ? eight(samples[at + channels - 1]) : keyed(at, channels) ? 0 : 255;
    int red = eight(samples[at]);
    return grey
        ? argb(alpha, red, red, red)
        : argb(alpha, red, eight(samples[at + 1]), eight(samples[at + 2]));
  }

  private boolean keyed(int at, int channels) {
    if (transparency.length == 0) {
      return false;
    }
    for (int c = 0; c < channels; c++) {
      int key = (transparency[2 * c] & 0xFF) << 8 | transparency[2 * c + 1] & 0xFF;
      if (samples[at + c] != key) {
        return false;
      }
    }
    return true;
  }

  private int eight(int sample) {
    return depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
  }

  private static int argb(int alpha, int red, int green, int blue) {
    return alpha << 24 | red << 16 | green << 8 | blue;
  }
}
