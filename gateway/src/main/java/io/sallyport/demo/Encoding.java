package io.sallyport.demo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A file format that the service writes, named as in {@code output_format}. */
enum Encoding {
  PNG,
  JPEG,
  WEBP;

  private static final float QUALITY = 0.9f;

  /** The name on the wire. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format of that name on the wire. */
  static Optional<Encoding> named(String wireName) {
    for (Encoding encoding : values()) {
      if (encoding.wireName().equals(wireName)) {
        return Optional.of(encoding);
      }
    }
    return Optional.empty();
  }

  /** The picture as a file. */
  byte[] encode(BufferedImage picture) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(wireName()).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), settings(writer));
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private ImageWriteParam settings(ImageWriter writer) {
    ImageWriteParam settings = writer.getDefaultWriteParam();
    if (this != PNG) {
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionType(this == WEBP ? "Lossy" : "JPEG");
      settings.setCompressionQuality(QUALITY);
    }
    return settings;
  }
}
