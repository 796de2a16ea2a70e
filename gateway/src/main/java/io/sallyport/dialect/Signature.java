package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How files of images begin; a name or a declared type is never asked. Pure. */
final class Signature {
  /** The formats that are judged, by their media types. */
  private static final Map<String, Signature> JUDGED = judged();

  /**
   * All that is kept out of where no image may be: also any RIFF, the ISO media files (AVIF, HEIC,
   * MP4), TIFF of either order, JPEG XL of either kind. A bitmap's two letters are not enough here;
   * the four bytes after its size are zero.
   */
  private static final List<Signature> KNOWN =
      List.of(
          new Signature(new Mark(0, "\u0089PNG")),
          new Signature(new Mark(0, "\u00ff\u00d8\u00ff")),
          new Signature(new Mark(0, "GIF8")),
          new Signature(new Mark(0, "RIFF")),
          new Signature(new Mark(0, "BM"), new Mark(6, "\0\0\0\0")),
          new Signature(new Mark(4, "ftyp")),
          new Signature(new Mark(0, "II*\0")),
          new Signature(new Mark(0, "MM\0*")),
          new Signature(new Mark(0, "\u00ff\n")),
          new Signature(new Mark(4, "JXL ")));

  private static Map<String, Signature> judged() {
    Map<String, Signature> judged = new LinkedHashMap<>();
    judged.put("image/png", new Signature(new Mark(0, "\u0089PNG\r\n\u001a\n")));
    judged.put("image/jpeg", new Signature(new Mark(0, "\u00ff\u00d8\u00ff")));
    judged.put("image/gif", new Signature(new Mark(0, "GIF8")));
    judged.put("image/webp", new Signature(new Mark(0, "RIFF"), new Mark(8, "WEBP")));
    judged.put("image/bmp", new Signature(new Mark(0, "BM")));
    judged.put("image/avif", new Signature(new Mark(4, "ftyp")));
    return judged;
  }

  private final List<Mark> marks;

  private Signature(Mark... marks) {
    this.marks = List.of(marks);
  }

  /** Bytes at an offset. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Mark(int at, byte[] bytes) {
    Mark(int at, String latin1) {
      this(at, latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean in(byte[] body, int start, int end) {
      int from = start + at;
      return end - from >= bytes.length
          && Arrays.equals(body, from, from + bytes.length, bytes, 0, bytes.length);
    }
  }

  /** True for what may be an image of any kind. */
  static boolean isOfImage(byte[] file) {
    return isOfImage(file, 0, file.length);
  }

  /** True when the range may be an image of any kind. */
  static boolean isOfImage(byte[] body, int start, int end) {
    return KNOWN.stream().anyMatch(it -> it.begins(body, start, end));
  }

  /** True when the range begins as an image of a format that is judged. */
  static boolean isJudged(byte[] body, int start, int end) {
    return type(body, start, end).isPresent();
  }

  /** The media type of the format that is judged and begins as the range does. */
  static Optional<String> type(byte[] body, int start, int end) {
    return JUDGED.entrySet().stream()
        .filter(it -> it.getValue().begins(body, start, end))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private boolean begins(byte[] body, int start, int end) {
    return marks.stream().allMatch(mark -> mark.in(body, start, end));
  }
}
