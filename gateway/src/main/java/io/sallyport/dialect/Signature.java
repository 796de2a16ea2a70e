package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** How files of images begin. Pure. */
final class Signature {
  /**
   * Bytes at an offset, as Latin-1: PNG, JPEG, GIF, WebP, the ISO media files (AVIF, HEIC, MP4),
   * TIFF of either order, JPEG XL of either kind.
   */
  private static final List<Mark> MARKS =
      List.of(
          new Mark(0, "\u0089PNG"),
          new Mark(0, "\u00ff\u00d8\u00ff"),
          new Mark(0, "GIF8"),
          new Mark(0, "RIFF"),
          new Mark(4, "ftyp"),
          new Mark(0, "II*\0"),
          new Mark(0, "MM\0*"),
          new Mark(0, "\u00ff\n"),
          new Mark(4, "JXL "));

  /** A bitmap's two letters are not enough; the four bytes after its size are zero. */
  private static final List<Mark> BITMAP = List.of(new Mark(0, "BM"), new Mark(6, "\0\0\0\0"));

  private record Mark(int at, String bytes) {
    boolean in(byte[] file) {
      String head = new String(file, StandardCharsets.ISO_8859_1);
      return head.startsWith(bytes, at);
    }
  }

  private Signature() {}

  static boolean isOfImage(byte[] file) {
    return MARKS.stream().anyMatch(mark -> mark.in(file))
        || BITMAP.stream().allMatch(mark -> mark.in(file));
  }
}
