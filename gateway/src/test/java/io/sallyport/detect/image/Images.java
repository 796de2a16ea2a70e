package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.luciad.imageio.webp.CompressionType;
import com.luciad.imageio.webp.WebPImageWriterSpi;
import com.luciad.imageio.webp.WebPWriteParam;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Harmless pictures in every format, and the ways to read them. */
final class Images {
  /** Every library that this machine has, whatever its version. */
  static final Codecs MACHINE = Codecs.open(NativeUse.TRUST);

  private Images() {}

  static PictureReader reader(Integer... sides) {
    return new PictureReader(ImageLimits.DEFAULTS, squares(sides));
  }

  /** Reads pictures of any proportions. */
  static PictureReader strips(Integer... sides) {
    ImageLimits limits =
        new ImageLimits(
            1 << 26, 65_535, 1 << 26, 512, 65_535, 16, 16, 1 << 30, Duration.ofSeconds(1));
    return new PictureReader(limits, squares(sides));
  }

  static Set<Framing> squares(Integer... sides) {
    return Stream.of(sides).map(Framing::square).collect(Collectors.toSet());
  }

  /** For pictures that are shown as they are stored. */
  static ViewAverager averager(int width, int height, Integer... sides) {
    return new ViewAverager(width, height, ExifOrientation.NONE, squares(sides), new Planes());
  }

  /** Limits that leave proportions and frames as they are by default. */
  static ImageLimits limits(
      int bytes, int side, long pixels, int perByte, long frameBytes, Duration wait) {
    return new ImageLimits(bytes, side, pixels, perByte, 64, 16, 16, frameBytes, wait);
  }

  /** A reader that uses every library of this machine. */
  static PictureReader machineReader(Integer... sides) {
    return new PictureReader(ImageLimits.DEFAULTS, squares(sides), MACHINE);
  }

  static Sample sample(byte[] file) {
    return new Sample.Image(Stage.OUTPUT_IMAGE, ByteBuffer.wrap(file).asReadOnlyBuffer());
  }

  /** Read twice, by Java and by the libraries of this machine, to the same bits. */
  static Picture read(byte[] file, Integer... sides) throws UnavailableException {
    Picture picture = reader(sides).prepare(sample(file));
    Picture byMachine = machineReader(sides).prepare(sample(file));
    for (int side : sides) {
      assertThat(byMachine.views(side)).hasSameSizeAs(picture.views(side));
      for (int i = 0; i < picture.views(side).size(); i++) {
        assertThat(byMachine.views(side).get(i)).isEqualTo(picture.views(side).get(i));
      }
    }
    return picture;
  }

  static ImageHeader header(byte[] file) throws UnavailableException {
    return ImageHeader.read(FileBytes.of(ByteBuffer.wrap(file)), ImageLimits.DEFAULTS);
  }

  /** Asserts that a file is refused, and why: by Java, and by the libraries of this machine. */
  static void assertRefused(byte[] file, Cause cause, String detail) {
    UnavailableException refusal = refusal(reader(8), file);
    assertThat(refusal.why()).as(refusal.getMessage()).isEqualTo(cause);
    assertThat(refusal).hasMessageContaining(detail);
    assertThat(refusal(machineReader(8), file).why()).isEqualTo(cause);
  }

  private static UnavailableException refusal(PictureReader reader, byte[] file) {
    UnavailableException refusal =
        catchThrowableOfType(UnavailableException.class, () -> reader.prepare(sample(file)));
    assertThat(refusal).as("refused").isNotNull();
    return refusal;
  }

  /** Slopes with some noise: compresses like a picture and has structure everywhere. */
  static Pixels slopes(int width, int height, boolean alpha) {
    SplittableRandom random = new SplittableRandom(width * 31L + height);
    int[] argb = new int[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = x * 239 / width + random.nextInt(16);
        int green = y * 239 / height + random.nextInt(16);
        int opacity = alpha ? 255 - x * 200 / width : 255;
        argb[y * width + x] = opacity << 24 | red << 16 | green << 8 | ((x ^ y) & 0xFF);
      }
    }
    return new Pixels(width, height, argb);
  }

  static byte[] jpeg(BufferedImage image, boolean progressive) {
    return jpeg(new IIOImage(image, null, null), progressive);
  }

  /** Raw samples, written without any colour segment. */
  static byte[] jpeg(Raster raster) {
    return jpeg(new IIOImage(raster, null, null), false);
  }

  private static byte[] jpeg(IIOImage image, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(0.9f);
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    return write(writer, image, param);
  }

  static byte[] webp(BufferedImage image, CompressionType type) {
    ImageWriter writer = new WebPImageWriterSpi().createWriterInstance(null);
    WebPWriteParam param = (WebPWriteParam) writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionType(type);
    return write(writer, new IIOImage(image, null, null), param);
  }

  static byte[] imageIoPng(BufferedImage image, boolean interlaced) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    return write(writer, new IIOImage(image, null, null), param);
  }

  static BufferedImage imageIoRead(byte[] file, String format) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      return reader.read(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      reader.dispose();
    }
  }

  private static byte[] write(ImageWriter writer, IIOImage image, ImageWriteParam param) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, image, param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** A file beside this class's own; see make.py there. */
  static byte[] resource(String name) {
    try (InputStream in = Images.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Written by the JDK: "gif" or "bmp". */
  static byte[] imageIo(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, format, out)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** One small file of every format and decode path. */
  static List<byte[]> oneOfEach() {
    SplittableRandom random = new SplittableRandom(7);
    Pixels opaque = slopes(60, 40, false);
    Pixels alpha = slopes(60, 40, true);
    return List.of(
        PngSpec.random(random, 37, 29, 2, 8).withChunk(500).encode(),
        PngSpec.random(random, 37, 29, 6, 8).encode(),
        PngSpec.random(random, 37, 29, 3, 4).encode(),
        PngSpec.random(random, 37, 29, 0, 16).withInterlace().encode(),
        jpeg(opaque.image(BufferedImage.TYPE_INT_RGB), false),
        jpeg(opaque.image(BufferedImage.TYPE_INT_RGB), true),
        jpeg(opaque.image(BufferedImage.TYPE_BYTE_GRAY), false),
        webp(opaque.image(BufferedImage.TYPE_INT_RGB), CompressionType.Lossy),
        webp(opaque.image(BufferedImage.TYPE_INT_RGB), CompressionType.Lossless),
        webp(alpha.image(BufferedImage.TYPE_INT_ARGB), CompressionType.Lossy),
        webp(alpha.image(BufferedImage.TYPE_INT_ARGB), CompressionType.Lossless),
        resource("animated.gif"),
        resource("animated.png"),
        resource("separate.png"),
        resource("animated.webp"),
        imageIo(opaque.image(BufferedImage.TYPE_BYTE_INDEXED), "gif"),
        imageIo(opaque.image(BufferedImage.TYPE_INT_RGB), "bmp"),
        imageIo(opaque.image(BufferedImage.TYPE_BYTE_INDEXED), "bmp"));
  }
}
