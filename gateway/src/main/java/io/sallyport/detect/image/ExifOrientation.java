package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Collects what a file's Exif blocks say of its orientation: tag 274 of the first directory of a
 * TIFF structure (CIPA DC-008, TIFF 6.0). A block that cannot be read says nothing, as in viewers.
 */
final class ExifOrientation {
  /** Shown as stored. */
  static final Set<Orientation> NONE = Collections.unmodifiableSet(EnumSet.of(Orientation.NORMAL));

  private static final int LITTLE_ENDIAN = 0x49492A00;
  private static final int BIG_ENDIAN = 0x4D4D002A;
  private static final int EXIF = 0x45786966;
  private static final int TAG = 274;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int ENTRY = 12;

  private final FileBytes file;
  private final EnumSet<Orientation> said = EnumSet.noneOf(Orientation.class);
  private int blocks;
  private boolean doubtful;

  ExifOrientation(FileBytes file) {
    this.file = file;
  }

  /**
   * Takes a block: a TIFF structure, or one after the six bytes {@code Exif 0 0}. All of it is in
   * the file.
   */
  void take(int at, int length) throws UnavailableException {
    blocks++;
    boolean named = length >= 6 && file.i32(at) == EXIF && file.u16(at + 4) == 0;
    int start = named ? at + 6 : at;
    int end = at + length;
    if (end - start < 10) {
      return;
    }
    boolean little = file.i32(start) == LITTLE_ENDIAN;
    if (!little && file.i32(start) != BIG_ENDIAN) {
      return;
    }
    long directory = start + (i32(start + 4, little) & 0xFFFF_FFFFL);
    if (directory > end - 2) {
      return;
    }
    int entries = u16((int) directory, little);
    int entry = (int) directory + 2;
    for (int i = 0; i < entries && entry <= end - ENTRY; i++) {
      entry(entry, little);
      entry += ENTRY;
    }
  }

  private void entry(int at, boolean little) throws UnavailableException {
    if (u16(at, little) != TAG) {
      return;
    }
    int type = u16(at + 2, little);
    int value =
        switch (type) {
          case BYTE -> file.u8(at + 8);
          case SHORT -> u16(at + 8, little);
          case LONG -> i32(at + 8, little);
          default -> 0;
        };
    doubtful |= type != SHORT || i32(at + 4, little) != 1 || !said.isEmpty();
    if (value >= 1 && value <= 8) {
      said.add(Orientation.ofExif(value));
    }
  }

  /**
   * What viewers show.
   *
   * @param agreed whether all viewers turn this format's pictures; where they do not, or where the
   *     file says it twice or in an unusual way, the stored picture may be shown too
   */
  Set<Orientation> shown(boolean agreed) {
    if (said.isEmpty()) {
      return NONE;
    }
    EnumSet<Orientation> shown = EnumSet.copyOf(said);
    if (!agreed || doubtful || blocks > 1) {
      shown.add(Orientation.NORMAL);
    }
    return Collections.unmodifiableSet(shown);
  }

  private int u16(int at, boolean little) throws UnavailableException {
    int value = file.u16(at);
    return little ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
  }

  private int i32(int at, boolean little) throws UnavailableException {
    return little ? file.i32le(at) : file.i32(at);
  }
}
