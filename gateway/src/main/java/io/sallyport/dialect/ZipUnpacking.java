package io.sallyport.dialect;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks the members of one archive, within caps that are checked before any memory is taken. What
 * is stored takes none.
 */
final class ZipUnpacking {
  /** Images hardly shrink; what shrinks more is made to do so. */
  static final int RATIO_MAX = 100;

  /** All deflated members together. */
  static final int UNPACKED_MAX = 64 << 20;

  private final ZipBytes zip;
  private final Room room;
  private int left = UNPACKED_MAX;

  ZipUnpacking(ZipBytes zip, Room room) {
    this.zip = zip;
    this.room = room;
  }

  /**
   * A member's image.
   *
   * @throws UnreadableException when the member is not what its headers say, too large, or no image
   */
  ImagePart image(ZipMember member, String where) {
    byte[] bytes = member.deflated() ? inflated(member) : zip.body();
    int start = member.deflated() ? 0 : member.start();
    CRC32 crc = new CRC32();
    crc.update(bytes, start, member.unpacked());
    ZipBytes.require((int) crc.getValue() == member.crc());
    if (!Signature.isJudged(bytes, start, start + member.unpacked())) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
    return member.deflated()
        ? new ImagePart.Unpacked(ByteBuffer.wrap(bytes), where)
        : new ImagePart.Raw(start, start + member.unpacked(), where);
  }

  private byte[] inflated(ZipMember member) {
    if (member.unpacked() > (long) member.packed() * RATIO_MAX || member.unpacked() > left) {
      throw new UnreadableException(Defect.UNPACKS_TOO_LARGE);
    }
    left -= member.unpacked();
    room.take(member.unpacked());
    byte[] image = new byte[member.unpacked()];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(zip.body(), member.start(), member.packed());
      int at = 0;
      int more = inflater.inflate(image, 0, image.length);
      while (more > 0) {
        at += more;
        more = inflater.inflate(image, at, image.length - at);
      }
      // the end of the last block may stand after the last byte, and may not bring another
      boolean whole = at == image.length && inflater.inflate(new byte[1]) == 0;
      ZipBytes.require(whole && inflater.finished() && inflater.getRemaining() == 0);
      return image;
    } catch (DataFormatException e) {
      throw new UnreadableException(Defect.MALFORMED_ZIP);
    } finally {
      inflater.end();
    }
  }
}
