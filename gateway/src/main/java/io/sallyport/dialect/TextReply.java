package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/**
 * Reads a reply of plain text or HTML, as proxies and frameworks answer errors: it must be UTF-8
 * text and must neither be nor show an image.
 */
final class TextReply {
  private static final List<byte[]> ELEMENTS =
      Looks.ascii(
          "<img",
          "<image",
          "<picture",
          "<video",
          "<object",
          "<embed",
          "<iframe",
          "<script",
          "<style",
          "<link",
          "url(");

  private TextReply() {}

  static Reading read(byte[] body, int length) {
    try {
      requireText(body, length);
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), "");
    }
    return Looks.likeImage(body, 0, length) || Looks.holds(body, 0, length, ELEMENTS)
        ? new Reading.Unreadable(Defect.UNCLAIMED_IMAGE, "")
        : new Reading.Parts(List.of(), List.of(), Optional.empty(), 0);
  }

  private static void requireText(byte[] body, int length) {
    int i = 0;
    while (i < length) {
      byte b = body[i];
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        throw new UnreadableException(Defect.CONTENT_TYPE);
      }
      i = b >= 0 ? i + 1 : Utf8.next(body, i, length);
    }
  }
}
