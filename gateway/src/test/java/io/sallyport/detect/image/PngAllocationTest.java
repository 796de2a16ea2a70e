package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.Sample;
import io.sallyport.signal.Stage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngAllocationTest {
  private static final int SIDE = 224;
  private static final long GRID = 3L * SIDE * SIDE * Float.BYTES;
  private static final long SPARE = 64 * 1024;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(ints = {2, 6})
  void aWarmDecodeAllocatesItsResultAndLittleElse(int colour) throws Exception {
    byte[] file = opaque(colour);
    ByteBuffer direct = ByteBuffer.allocateDirect(file.length).put(file).flip();
    for (ByteBuffer bytes : new ByteBuffer[] {ByteBuffer.wrap(file), direct}) {
      for (PictureReader reader :
          new PictureReader[] {Images.reader(SIDE), Images.machineReader(SIDE)}) {
        assertThat(least(reader, bytes, false)).isBetween(GRID, GRID + SPARE);
        assertThat(least(reader, bytes, true)).isLessThan(SPARE);
      }
    }
  }

  private static byte[] opaque(int colour) {
    PngSpec spec = PngSpec.random(new SplittableRandom(1), 1024, 1024, colour, 8);
    for (int i = 3; colour == 6 && i < spec.samples().length; i += 4) {
      spec.samples()[i] = 255;
    }
    return spec.encode();
  }

  /** The bytes that the cheapest of some decodes allocates on the heap. */
  private long least(PictureReader reader, ByteBuffer bytes, boolean release) throws Exception {
    Sample sample = new Sample.Image(Stage.OUTPUT_IMAGE, bytes);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      Picture picture = reader.prepare(sample);
      assertThat(picture.views(SIDE).size()).isEqualTo(1);
      if (release) {
        reader.release(picture);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void memoryGrowsWithTheWidthAndNotTheHeight() throws Exception {
    long low = allocated(64);
    long high = allocated(8192);
    assertThat(high - low).isLessThan(SPARE);
  }

  private long allocated(int height) throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(1), 64, height, 6, 8).withChunk(1 << 20);
    Sample sample = Images.sample(spec.encode());
    PictureReader reader = Images.strips(16);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      reader.prepare(sample);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
