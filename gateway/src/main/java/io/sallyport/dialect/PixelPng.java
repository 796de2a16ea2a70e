package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * Writes pixels as a PNG (ISO/IEC 15948) without compression: the way in which whatever judges
 * files can judge them. As large as the pixels and a little more. Belongs to one thread.
 */
final class PixelPng {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /** Length, type and checksum. */
  private static final int CHUNK_BYTES = 12;

  private static final int HEADER_BYTES = 13;

  /** The longest stored block of RFC 1951, and what stands before each. */
  private static final int BLOCK_MAX = 0xFFFF;

  private static final int BLOCK_HEAD = 5;

  /** The two bytes in front of a zlib stream and the checksum after it (RFC 1950). */
  private static final int ZLIB_BYTES = 6;

  private final ByteBuffer png;
  private final Adler32 adler = new Adler32();
  private int rows;
  private int room;

  private PixelPng(int rows) {
    this.rows = rows;
    this.png = ByteBuffer.allocate(size(rows));
  }

  private static int size(int rows) {
    return SIGNATURE.length + 3 * CHUNK_BYTES + HEADER_BYTES + dataSize(rows);
  }

  private static int dataSize(int rows) {
    int blocks = (rows + BLOCK_MAX - 1) / BLOCK_MAX;
    return Math.addExact(rows, ZLIB_BYTES + BLOCK_HEAD * blocks);
  }

  /** The file; a buffer that nobody else writes to. */
  static ByteBuffer of(byte[] body, ImagePart.Pixels pixels) {
    int row = pixels.width() * pixels.channels();
    PixelPng file = new PixelPng(Math.multiplyExact(pixels.height(), row + 1));
    file.begin(pixels);
    byte[] line = new byte[row + 1];
    int at = pixels.start();
    for (int y = 0; y < pixels.height(); y++) {
      at = pixels.floats() ? floats(body, at, line) : bytes(body, at, line);
      file.row(line);
    }
    return file.finish();
  }

  private static int bytes(byte[] body, int at, byte[] line) {
    System.arraycopy(body, at, line, 1, line.length - 1);
    return at + line.length - 1;
  }

  private static int floats(byte[] body, int at, byte[] line) {
    ByteBuffer floats = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 1; i < line.length; i++) {
      line[i] = (byte) Math.round(floats.getFloat(at + (i - 1) * Float.BYTES) * 255);
    }
    return at + (line.length - 1) * Float.BYTES;
  }

  private void begin(ImagePart.Pixels pixels) {
    png.put(SIGNATURE);
    int type = pixels.channels() == 1 ? 0 : pixels.channels() == 3 ? 2 : 6;
    png.putInt(HEADER_BYTES).put("IHDR".getBytes(US_ASCII));
    png.putInt(pixels.width()).putInt(pixels.height());
    png.put((byte) 8).put((byte) type).put(new byte[3]);
    checksum(HEADER_BYTES);
    png.putInt(dataSize(rows)).put("IDAT".getBytes(US_ASCII));
    png.put((byte) 0x78).put((byte) 0x01);
  }

  /** Its first byte says that nothing was done to the row. */
  private void row(byte[] line) {
    adler.update(line);
    int from = 0;
    while (from < line.length) {
      if (room == 0) {
        block();
      }
      int part = Math.min(room, line.length - from);
      png.put(line, from, part);
      from += part;
      room -= part;
      rows -= part;
    }
  }

  private void block() {
    room = Math.min(BLOCK_MAX, rows);
    png.put((byte) (room == rows ? 1 : 0));
    png.put((byte) room).put((byte) (room >> 8));
    png.put((byte) ~room).put((byte) (~room >> 8));
  }

  private ByteBuffer finish() {
    png.putInt((int) adler.getValue());
    checksum(png.position() - SIGNATURE.length - CHUNK_BYTES - HEADER_BYTES - 8);
    png.putInt(0).put("IEND".getBytes(US_ASCII));
    checksum(0);
    return png.flip();
  }

  /** Over the type and the data of the chunk that was just written. */
  private void checksum(int data) {
    CRC32 crc = new CRC32();
    crc.update(png.array(), png.position() - data - 4, data + 4);
    png.putInt((int) crc.getValue());
  }
}
