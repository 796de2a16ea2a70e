package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * A walk over the boxes in one part of an ISO base media file (ISO/IEC 14496-12, 4.2), which they
 * must fill to its last byte. For one thread.
 */
final class BoxWalk {
  private static final int UUID = 0x75756964;
  private static final int UUID_LENGTH = 16;

  private final FileBytes file;
  private final int end;
  private int next;
  private int type;
  private int data;

  /**
   * @param from offset of the first box
   * @param end offset after the last one
   */
  BoxWalk(FileBytes file, int from, int end) {
    this.file = file;
    this.next = from;
    this.end = end;
  }

  /** Goes to the next box; false at the end. */
  boolean next() throws UnavailableException {
    if (next == end) {
      return false;
    }
    int start = next;
    if (end - start < 8) {
      throw Failures.undecodable("a box that is no box");
    }
    long size = file.i32(start) & 0xFFFF_FFFFL;
    type = file.i32(start + 4);
    data = start + 8;
    if (size == 1) {
      long high = file.i32(start + 8) & 0xFFFF_FFFFL;
      size = high << 32 | file.i32(start + 12) & 0xFFFF_FFFFL;
      data = start + 16;
    } else if (size == 0) {
      size = (long) end - start;
    }
    data += type == UUID ? UUID_LENGTH : 0;
    if (size < data - start || size > (long) end - start) {
      throw Failures.undecodable("a box reaches beyond what holds it");
    }
    next = start + (int) size;
    return true;
  }

  /** The four letters of the box. */
  int type() {
    return type;
  }

  /** Offset of its data. */
  int data() {
    return data;
  }

  /** Offset after its data. */
  int end() {
    return next;
  }

  /** Bytes of its data. */
  int length() {
    return next - data;
  }

  /** A walk over the boxes inside, which begin after {@code skip} bytes of data. */
  BoxWalk inside(int skip) throws UnavailableException {
    need(skip);
    return new BoxWalk(file, data + skip, next);
  }

  /** Checks that the box has so many bytes of data. */
  void need(int bytes) throws UnavailableException {
    if (length() < bytes) {
      throw Failures.undecodable("a box is too short");
    }
  }
}
