package io.sallyport.detect.onnx.convert;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** A tar archive being made, right or wrong, for tests. */
final class TarFile {
  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  TarFile file(String name, byte[] content) {
    return entry(name, '0', octal(content.length), content);
  }

  TarFile file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** An entry that says of itself what it likes. */
  TarFile entry(String name, char type, String size, byte[] content) {
    byte[] header = header(name, type, size);
    int sum = 0;
    for (byte b : header) {
      sum += Byte.toUnsignedInt(b);
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return raw(header).raw(content).raw(new byte[Math.floorMod(-content.length, 512)]);
  }

  TarFile raw(byte[] bytes) {
    tar.writeBytes(bytes);
    return this;
  }

  static byte[] header(String name, char type, String size) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, size);
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    return header;
  }

  static String octal(long size) {
    return "%011o".formatted(size);
  }

  /** The archive with its end. */
  byte[] bytes() {
    return raw(new byte[1024]).tar.toByteArray();
  }

  byte[] gzipped() {
    return gzip(bytes());
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  static Map<String, byte[]> read(byte[] archive, String... wanted) throws IOException {
    return TarGz.read(new ByteArrayInputStream(archive), Set.of(wanted));
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
