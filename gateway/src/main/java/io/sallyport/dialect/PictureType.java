package io.sallyport.dialect;

import java.util.Optional;
import java.util.Set;

/** Declared media types by which everybody reads what is judged here. Pure. */
public final class PictureType {
  /** Pictures whose readers all go by the first bytes, in the spellings that are in use. */
  private static final Set<String> PICTURES =
      Set.of(
          "image/png",
          "image/x-png",
          "image/apng",
          "image/vnd.mozilla.apng",
          "image/jpeg",
          "image/jpg",
          "image/pjpeg",
          "image/webp",
          "image/gif",
          "image/bmp",
          "image/x-bmp",
          "image/x-ms-bmp",
          "image/avif");

  private PictureType() {}

  /**
   * The media type of a picture by its first bytes.
   *
   * @return empty when it is of no format that is judged
   */
  public static Optional<String> of(byte[] body, int start, int end) {
    return Signature.type(body, start, end);
  }

  /**
   * Whether a type is that of a picture of a format that is judged. Which of them the bytes are is
   * for the decoder to find out; of any other type, whoever goes by it would see something else.
   *
   * @param essence {@code type/subtype} in lower case
   */
  public static boolean is(String essence) {
    return PICTURES.contains(essence);
  }
}
