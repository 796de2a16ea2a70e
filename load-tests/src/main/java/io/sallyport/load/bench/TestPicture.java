package io.sallyport.load.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** One picture of 1024 x 1024, drawn the same every time, in every file format that is timed. */
public final class TestPicture {
  static final int SIDE = 1024;
  private static final int BLOBS = 60;
  private static final float QUALITY = 0.9f;

  private final byte[] rgb = new byte[3 * SIDE * SIDE];

  public TestPicture() {
    SplittableRandom random = new SplittableRandom(20_261_122);
    double[][] blobs = new double[BLOBS][];
    for (int i = 0; i < BLOBS; i++) {
      blobs[i] = random.doubles(6).toArray();
    }
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        pixel(x, y, blobs, random);
      }
    }
  }

  /** Slopes, soft discs with hard edges, and the grain of a photograph. */
  private void pixel(int x, int y, double[][] blobs, SplittableRandom random) {
    double[] colour = {x / 8.0 + 40, y / 8.0 + 30, (x + y) / 16.0 + 50};
    for (double[] blob : blobs) {
      double dx = x - blob[0] * SIDE;
      double dy = y - blob[1] * SIDE;
      double radius = 20 + blob[2] * 120;
      double distance = (dx * dx + dy * dy) / (radius * radius);
      for (int channel = 0; distance < 1 && channel < 3; channel++) {
        colour[channel] += (blob[3 + channel] - 0.5) * 160 * (1 - distance * 0.6);
      }
    }
    int grain = random.nextInt(5) - 2;
    for (int channel = 0; channel < 3; channel++) {
      int value = (int) colour[channel] + grain + random.nextInt(3) - 1;
      rgb[3 * (y * SIDE + x) + channel] = (byte) Math.clamp(value, 0, 255);
    }
  }

  /**
   * The file of a name: {@code png-none}, {@code -sub}, {@code -up}, {@code -average}, {@code
   * -paeth}, {@code -adaptive}, {@code jpeg}, {@code jpeg-progressive}, {@code webp}.
   */
  public byte[] file(String name) throws IOException {
    return switch (name) {
      case "png-none" -> PngFile.write(rgb, SIDE, SIDE, 0);
      case "png-sub" -> PngFile.write(rgb, SIDE, SIDE, 1);
      case "png-up" -> PngFile.write(rgb, SIDE, SIDE, 2);
      case "png-average" -> PngFile.write(rgb, SIDE, SIDE, 3);
      case "png-paeth" -> PngFile.write(rgb, SIDE, SIDE, 4);
      case "png-adaptive" -> PngFile.write(rgb, SIDE, SIDE, PngFile.ADAPTIVE);
      case "jpeg" -> encode("jpeg", false);
      case "jpeg-progressive" -> encode("jpeg", true);
      case "webp" -> encode("webp", false);
      default -> throw new IllegalArgumentException("no picture " + name);
    };
  }

  private byte[] encode(String format, boolean progressive) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    ImageWriter writer = writers.next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    if (format.equals("jpeg")) {
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(QUALITY);
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image(), null, null), param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private BufferedImage image() {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int value = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
      image.setRGB(i % SIDE, i / SIDE, value);
    }
    return image;
  }
}
