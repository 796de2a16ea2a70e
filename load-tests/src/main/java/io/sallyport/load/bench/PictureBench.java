package io.sallyport.load.bench;

import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.load.StandIn;
import io.sallyport.signal.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
import tools.jackson.databind.json.JsonMapper;

/** From the bytes of a picture of 1024 x 1024 pixels to the grid that a classifier reads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PictureBench {
  private static final int SIDE = 224;

  /** The file format. */
  @Param({"png", "jpeg", "webp"})
  private String format = "png";

  private final PictureReader reader = new PictureReader(ImageLimits.DEFAULTS, Set.of(SIDE));
  private ByteBuffer file = ByteBuffer.allocate(0);

  /** Has the stand-in draw the picture. */
  @Setup
  public void draw() throws IOException, InterruptedException {
    byte[] reply = StandIn.answer(format, "1024x1024");
    String base64 = JsonMapper.shared().readTree(reply).at("/data/0/b64_json").stringValue();
    file = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).asReadOnlyBuffer();
  }

  /** File to picture. */
  @Benchmark
  public Picture read() throws UnavailableException {
    return reader.prepare(new Sample.Image(Stage.OUTPUT_IMAGE, file.duplicate()));
  }
}
