package io.sallyport.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** An archive that a test writes field by field, and may write wrongly. */
final class ZipFile {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private final ByteArrayOutputStream members = new ByteArrayOutputStream();
  private final List<byte[]> entries = new ArrayList<>();

  /** Adds a member. */
  ZipFile add(String name, int method, byte[] content) {
    byte[] packed = method == DEFLATED ? deflate(content) : content;
    return add(name, method, 0, packed, content.length, crc(content), new byte[0]);
  }

  /** Adds a member whose sizes and checksum follow it, as streaming packers do. */
  ZipFile addStreamed(String name, byte[] content) {
    byte[] packed = deflate(content);
    return add(name, DEFLATED, 1 << 3, packed, content.length, crc(content), new byte[0]);
  }

  ZipFile add(
      String name, int method, int flags, byte[] packed, int unpacked, int crc, byte[] extra) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    int at = members.size();
    boolean streamed = (flags & 1 << 3) != 0;
    ByteBuffer common = little(26);
    common.putShort((short) 20).putShort((short) flags).putShort((short) method);
    common.putShort((short) 0x6000).putShort((short) 0x5A21);
    common.putInt(crc).putInt(packed.length).putInt(unpacked);
    common.putShort((short) nameBytes.length).putShort((short) extra.length);
    byte[] own = common.array().clone();
    if (streamed) {
      java.util.Arrays.fill(own, 10, 22, (byte) 0);
    }
    members.writeBytes(little(4).putInt(0x04034B50).array());
    members.writeBytes(own);
    members.writeBytes(nameBytes);
    members.writeBytes(extra);
    members.writeBytes(packed);
    if (streamed) {
      members.writeBytes(
          little(16).putInt(0x08074B50).putInt(crc).putInt(packed.length).putInt(unpacked).array());
    }
    ByteBuffer entry = little(46 + nameBytes.length + extra.length);
    entry.putInt(0x02014B50).putShort((short) (3 << 8 | 20)).put(common.array());
    entry.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0x81800000);
    entry.putInt(at).put(nameBytes).put(extra);
    entries.add(entry.array());
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(members.toByteArray());
    entries.forEach(all::writeBytes);
    int directory = all.size() - members.size();
    ByteBuffer end = little(22).putInt(0x06054B50).putInt(0);
    end.putShort((short) entries.size()).putShort((short) entries.size());
    end.putInt(directory).putInt(members.size()).putShort((short) 0);
    all.writeBytes(end.array());
    return all.toByteArray();
  }

  /** A copy with one 16-bit field of the first member's header changed. */
  static byte[] header(byte[] zip, int field, int value) {
    return changed(zip, field, value);
  }

  /** A copy with one 16-bit field of the first entry changed. */
  static byte[] entry(byte[] zip, int field, int value) {
    return changed(zip, directory(zip) + field, value);
  }

  /** A copy with one 16-bit field of the end record changed. */
  static byte[] end(byte[] zip, int field, int value) {
    return changed(zip, zip.length - 22 + field, value);
  }

  static int directory(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 22 + 16);
  }

  static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[64 << 10];
    while (!deflater.finished()) {
      out.write(chunk, 0, deflater.deflate(chunk));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static byte[] changed(byte[] zip, int at, int value) {
    byte[] copy = zip.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
    return copy;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
