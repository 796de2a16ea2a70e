package io.sallyport.load.bench;

import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.NativeUse;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.signal.Stage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the bytes of a picture of 1024 x 1024 pixels to what a classifier of 224 x 224 reads: by the
 * gateway with the libraries of this machine, by the gateway without them, and the way that {@code
 * javax.imageio} is used (read, then scale bilinearly).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class PictureBench {
  private static final int SIDE = 224;
  private static final Set<Framing> FRAMINGS = Set.of(Framing.square(SIDE));

  /** The file; see {@link TestPicture#file}. */
  @Param({
    "png-none",
    "png-sub",
    "png-up",
    "png-average",
    "png-paeth",
    "png-adaptive",
    "jpeg",
    "jpeg-progressive",
    "webp"
  })
  private String picture = "png-none";

  private final PictureReader gateway =
      new PictureReader(ImageLimits.DEFAULTS, FRAMINGS, Codecs.open(NativeUse.AUTO));
  private final PictureReader java = new PictureReader(ImageLimits.DEFAULTS, FRAMINGS);
  private byte[] bytes = new byte[0];
  private ByteBuffer file = ByteBuffer.allocate(0);

  /** Without JMH: ready to read a picture. */
  public static PictureBench of(String picture) throws IOException {
    PictureBench bench = new PictureBench();
    bench.picture = picture;
    bench.draw();
    return bench;
  }

  /** Draws and writes the picture. */
  @Setup
  public void draw() throws IOException {
    bytes = new TestPicture().file(picture);
    file = ByteBuffer.wrap(bytes);
    ImageIO.setUseCache(false);
  }

  /** As the gateway is configured by default. */
  @Benchmark
  public int gateway() throws UnavailableException {
    return read(gateway);
  }

  /** As with {@code native_codecs} off. */
  @Benchmark
  public int gatewayWithoutLibraries() throws UnavailableException {
    return read(java);
  }

  private int read(PictureReader reader) throws UnavailableException {
    Picture seen = reader.prepare(new Sample.Image(Stage.OUTPUT_IMAGE, file.duplicate()));
    int views = seen.views(Framing.square(SIDE)).size();
    reader.release(seen);
    return views;
  }

  /** As a program without the gateway would. */
  @Benchmark
  public float[] imageio() throws IOException {
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(bytes));
    BufferedImage scaled = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(read, 0, 0, SIDE, SIDE, null);
    graphics.dispose();
    int[] pixels = scaled.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
    float[] tensor = new float[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      tensor[i] = pixels[i] >> 16 & 0xFF;
      tensor[pixels.length + i] = pixels[i] >> 8 & 0xFF;
      tensor[2 * pixels.length + i] = pixels[i] & 0xFF;
    }
    return tensor;
  }
}
