package io.sallyport.detect.onnx.convert;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A strict reader of gzipped tar archives (POSIX ustar) that takes named files into memory and
 * writes nothing anywhere.
 *
 * <p>Refuses links, devices, extended headers, sizes in base 256, wrong header sums, names that are
 * absolute or climb with {@code ..}, a wanted file twice, and more than {@link #MAX_FILE} bytes in
 * a file or {@link #MAX_TOTAL} in all, so that a small archive cannot become a large heap.
 */
final class TarGz {
  static final int MAX_FILE = 16 << 20;
  static final long MAX_TOTAL = 64L << 20;

  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;
  private static final int SIZE_AT = 124;
  private static final int SUM_AT = 148;
  private static final int SUM_LENGTH = 8;
  private static final int TYPE_AT = 156;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX_LENGTH = 155;

  private final InputStream tar;
  private final byte[] block = new byte[BLOCK];
  private long taken;

  private TarGz(InputStream tar) {
    this.tar = tar;
  }

  /**
   * Reads the wanted files of an archive; the archive is read to its end, so that its check sum is
   * verified.
   *
   * @param archive left open
   * @return each wanted file by its name
   * @throws ModelSourceException when the archive is malformed, too large, or lacks a wanted file
   */
  static Map<String, byte[]> read(InputStream archive, Set<String> wanted) throws IOException {
    try (InputStream tar = new BufferedInputStream(new GZIPInputStream(archive), 1 << 16)) {
      return new TarGz(tar).read(wanted);
    } catch (EOFException e) {
      throw new ModelSourceException("the archive is cut short", e);
    } catch (ZipException e) {
      throw new ModelSourceException("the archive is not gzip, or damaged", e);
    }
  }

  private Map<String, byte[]> read(Set<String> wanted) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    while (nextHeader()) {
      String name = name();
      int size = size();
      if (!wanted.contains(name)) {
        take(padded(size));
      } else if (files.put(name, Arrays.copyOf(take(padded(size)), size)) != null) {
        throw malformed("a file twice");
      }
    }
    drain();
    for (String name : wanted) {
      if (!files.containsKey(name)) {
        throw new ModelSourceException("the archive lacks " + name);
      }
    }
    return files;
  }

  /** Reads a header into the block; false at the zero block that ends the archive. */
  private boolean nextHeader() throws IOException {
    System.arraycopy(take(BLOCK), 0, block, 0, BLOCK);
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean inSum = i >= SUM_AT && i < SUM_AT + SUM_LENGTH;
      sum += inSum ? ' ' : Byte.toUnsignedInt(block[i]);
    }
    if (sum == SUM_LENGTH * ' ') {
      return false;
    }
    if (sum != octal(SUM_AT, SUM_LENGTH)) {
      throw malformed("a header with a wrong sum");
    }
    return true;
  }

  private String name() throws ModelSourceException {
    String name = text(0, NAME_LENGTH);
    String prefix = text(PREFIX_AT, PREFIX_LENGTH);
    String path = prefix.isEmpty() ? name : prefix + "/" + name;
    if (path.isEmpty() || path.startsWith("/") || path.contains("\\")) {
      throw malformed("a name that is no relative path");
    }
    if (Arrays.asList(path.split("/")).contains("..")) {
      throw malformed("a name that leaves the archive");
    }
    return path;
  }

  private int size() throws ModelSourceException {
    byte type = block[TYPE_AT];
    if (type != '0' && type != 0 && type != '5') {
      throw malformed("an entry that is neither a file nor a folder");
    }
    long size = octal(SIZE_AT, 12);
    if (size > MAX_FILE || (type == '5' && size != 0)) {
      throw malformed("an entry that is too large");
    }
    return (int) size;
  }

  private static int padded(int size) {
    return Math.ceilDiv(size, BLOCK) * BLOCK;
  }

  private byte[] take(int count) throws IOException {
    taken += count;
    if (taken > MAX_TOTAL) {
      throw malformed("more bytes than allowed");
    }
    byte[] bytes = tar.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  private void drain() throws IOException {
    byte[] sink = new byte[1 << 13];
    for (int count = tar.read(sink); count >= 0; count = tar.read(sink)) {
      taken += count;
      if (taken > MAX_TOTAL) {
        throw malformed("more bytes than allowed");
      }
    }
  }

  private String text(int start, int length) {
    int end = start;
    while (end < start + length && block[end] != 0) {
      end++;
    }
    return new String(block, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private long octal(int start, int length) throws ModelSourceException {
    String digits = text(start, length).strip();
    if (digits.isEmpty() || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '7')) {
      throw malformed("a number that is not octal");
    }
    return Long.parseLong(digits, 8);
  }

  private static ModelSourceException malformed(String what) {
    return new ModelSourceException("malformed archive: " + what);
  }
}
