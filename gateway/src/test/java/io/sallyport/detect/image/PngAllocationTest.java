package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.Sample;
import io.sallyport.signal.Stage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PngAllocationTest {
  private static final int SIDE = 224;
  private static final long GRID = 3L * SIDE * SIDE * Float.BYTES;
  private static final long SPARE = 64 * 1024;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aWarmDecodeAllocatesItsResultAndLittleElse() throws Exception {
    byte[] file = PngSpec.random(new SplittableRandom(1), 1024, 1024, 2, 8).encode();
    ByteBuffer direct = ByteBuffer.allocateDirect(file.length).put(file).flip();
    for (ByteBuffer bytes : new ByteBuffer[] {ByteBuffer.wrap(file), direct}) {
      Sample sample = new Sample.Image(Stage.OUTPUT_IMAGE, bytes);
      long least = Long.MAX_VALUE;
      PictureReader reader = Images.reader(SIDE);
      for (int round = 0; round < 4; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        Picture picture = reader.prepare(sample);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        assertThat(picture.views(SIDE)).hasSize(1);
      }
      assertThat(least).isBetween(GRID, GRID + SPARE);
    }
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
    PictureReader reader = Images.reader(16);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      reader.prepare(sample);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
