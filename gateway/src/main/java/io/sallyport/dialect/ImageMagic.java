package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How files of the image formats begin that are judged: PNG, JPEG, GIF, WebP, BMP, AVIF. A name or
 * a declared type is never asked.
 */
final class ImageMagic {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
  private static final byte[] GIF = "GIF8".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RIFF = "RIFF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WEBP = "WEBP".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BMP = "BM".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FTYP = "ftyp".getBytes(StandardCharsets.US_ASCII);

  private ImageMagic() {}

  /** True when the range begins as an image of one of the formats. */
  static boolean starts(byte[] body, int start, int end) {
    return stands(body, start, end, PNG)
        || stands(body, start, end, JPEG)
        || stands(body, start, end, GIF)
        || (stands(body, start, end, RIFF) && stands(body, start + 8, end, WEBP))
        || stands(body, start, end, BMP)
        || stands(body, start + 4, end, FTYP);
  }

  private static boolean stands(byte[] body, int at, int end, byte[] magic) {
    return end - at >= magic.length
        && Arrays.equals(body, at, at + magic.length, magic, 0, magic.length);
  }
}
