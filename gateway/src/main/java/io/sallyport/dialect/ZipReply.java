package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a ZIP archive of images (PKWARE APPNOTE 6.3.10), driven by its central directory.
 *
 * <p>One shape only, the one that every reader takes alike, whether it begins at the end of the
 * file or at its start: members in the order of the directory, each beginning where the one before
 * ends; then the directory; then its end record without a comment, the last bytes of the file. Each
 * member's own header says what the directory says. No encryption, no ZIP64 (an archive of more
 * than 4 GiB is no reply), no second disk, no name twice. Every member is an image.
 */
final class ZipReply {
  static final String ESSENCE = "application/zip";

  private static final int END_SIGNATURE = 0x06054B50;
  private static final int END_BYTES = 22;

  private final ZipBytes zip;
  private final ZipUnpacking unpacking;
  private final Set<String> names = new HashSet<>();
  private final List<ImagePart> images = new ArrayList<>();

  private ZipReply(ZipBytes zip, Room room) {
    this.zip = zip;
    this.unpacking = new ZipUnpacking(zip, room);
  }

  /**
   * Every member as an image.
   *
   * @param body the first {@code length} bytes are the archive
   * @param room asked before a member is unpacked
   */
  static Reading read(byte[] body, int length, ReadLimits limits, Room room) {
    ZipReply reply = new ZipReply(new ZipBytes(body, length), room);
    try {
      reply.members(limits.images());
      return new Reading.Parts(List.of(), reply.images, Optional.empty(), 0);
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), "member " + reply.images.size());
    }
  }

  private void members(int most) {
    int end = zip.length() - END_BYTES;
    ZipBytes.require(end >= 0 && zip.i32(end) == END_SIGNATURE);
    ZipBytes.require(zip.i32(end + 4) == 0 && zip.u16(end + 20) == 0);
    int count = zip.u16(end + 8);
    ZipBytes.require(count > 0 && zip.u16(end + 10) == count);
    if (count > most) {
      throw new UnreadableException(Defect.TOO_MANY_IMAGES);
    }
    int directory = zip.size(end + 16);
    ZipBytes.require(directory == end - zip.size(end + 12));
    int entry = directory;
    int at = 0;
    for (int i = 0; i < count; i++) {
      ZipMember member = ZipMember.read(zip, entry, at);
      ZipBytes.require(names.add(member.name()) && member.end() <= directory);
      images.add(unpacking.image(member, "member " + i));
      entry = member.nextEntry();
      at = member.end();
    }
    ZipBytes.require(entry == end && at == directory);
  }
}
