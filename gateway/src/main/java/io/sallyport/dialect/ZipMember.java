package io.sallyport.dialect;

/**
 * One member of an archive, as the directory and its own header say alike.
 *
 * @param deflated false when its bytes stand there as they are
 * @param crc CRC-32 of its bytes
 * @param start offset of its first packed byte
 * @param packed how many packed bytes there are
 * @param unpacked how many bytes they make
 * @param end offset after it, and after the descriptor that may follow its bytes
 * @param nextEntry offset after its entry in the directory
 */
record ZipMember(
    String name,
    boolean deflated,
    int crc,
    int start,
    int packed,
    int unpacked,
    int end,
    int nextEntry) {
  private static final int ENTRY_SIGNATURE = 0x02014B50;
  private static final int ENTRY_BYTES = 46;
  private static final int HEADER_SIGNATURE = 0x04034B50;
  private static final int HEADER_BYTES = 30;
  private static final int DESCRIPTOR_SIGNATURE = 0x08074B50;
  private static final int DESCRIPTOR_BYTES = 16;

  /** 2.0: deflate. What needs more is encrypted, ZIP64, or packed in a way of its own. */
  private static final int VERSION_MAX = 20;

  private static final int NAME_MAX = 255;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** Sizes and checksum follow the bytes. */
  private static final int DESCRIPTOR = 1 << 3;

  /** How hard the packer tried, and that the name is UTF-8. */
  private static final int HARMLESS = 1 << 1 | 1 << 2 | 1 << 11;

  /** Extra fields that say when a file was changed and whose it is; others may rename a member. */
  private static final int TIMES = 0x5455;

  private static final int OWNER = 0x7875;
  private static final int EXTRA_MAX = 64;

  /**
   * Reads the entry at {@code entry} and the header at {@code at}, where the member must begin.
   *
   * @throws UnreadableException when they differ, or are not of the one shape
   */
  static ZipMember read(ZipBytes zip, int entry, int at) {
    ZipBytes.require(zip.i32(entry) == ENTRY_SIGNATURE && zip.i32(at) == HEADER_SIGNATURE);
    int nameBytes = zip.u16(entry + 28);
    int extra = zip.u16(entry + 30);
    boolean oneDisk = zip.u16(entry + 34) == 0;
    boolean commented = zip.u16(entry + 32) != 0;
    ZipBytes.require(oneDisk && !commented && nameBytes <= NAME_MAX && zip.size(entry + 42) == at);
    extra(zip, entry + ENTRY_BYTES + nameBytes, extra);
    int ownExtra = zip.u16(at + 28);
    extra(zip, at + HEADER_BYTES + nameBytes, ownExtra);
    requireAlike(zip, entry, at, nameBytes);
    int method = zip.u16(entry + 10);
    int packed = zip.size(entry + 20);
    int unpacked = zip.size(entry + 24);
    boolean deflated = method == DEFLATED;
    ZipBytes.require(deflated || (method == STORED && packed == unpacked));
    int start = at + HEADER_BYTES + nameBytes + ownExtra;
    ZipBytes.require(packed <= zip.length() - start);
    boolean described = (zip.u16(entry + 8) & DESCRIPTOR) != 0;
    ZipBytes.require(deflated || !described);
    int end = described ? descriptor(zip, entry, start + packed) : start + packed;
    return new ZipMember(
        zip.name(entry + ENTRY_BYTES, nameBytes),
        deflated,
        zip.i32(entry + 16),
        start,
        packed,
        unpacked,
        end,
        entry + ENTRY_BYTES + nameBytes + extra);
  }

  /** The header's fields stand two bytes before the entry's: an entry also says who made it. */
  private static void requireAlike(ZipBytes zip, int entry, int at, int nameBytes) {
    int flags = zip.u16(entry + 8);
    boolean described = (flags & DESCRIPTOR) != 0;
    ZipBytes.require((flags & ~(DESCRIPTOR | HARMLESS)) == 0);
    ZipBytes.require((zip.u16(entry + 6) & 0xFF) <= VERSION_MAX);
    // version needed, flags, method, time and date
    ZipBytes.require(zip.same(entry + 6, at + 4, 10));
    boolean later = described && zip.i32(at + 14) == 0 && zip.i32(at + 18) == 0;
    ZipBytes.require((later && zip.i32(at + 22) == 0) || zip.same(entry + 16, at + 14, 12));
    ZipBytes.require(zip.u16(at + 26) == nameBytes);
    ZipBytes.require(zip.same(entry + ENTRY_BYTES, at + HEADER_BYTES, nameBytes));
  }

  private static int descriptor(ZipBytes zip, int entry, int at) {
    ZipBytes.require(zip.i32(at) == DESCRIPTOR_SIGNATURE && zip.same(entry + 16, at + 4, 12));
    return at + DESCRIPTOR_BYTES;
  }

  private static void extra(ZipBytes zip, int at, int bytes) {
    ZipBytes.require(bytes <= EXTRA_MAX);
    int i = at;
    while (i < at + bytes) {
      int kind = zip.u16(i);
      ZipBytes.require(kind == TIMES || kind == OWNER);
      i += 4 + zip.u16(i + 2);
    }
    ZipBytes.require(i == at + bytes);
  }
}
