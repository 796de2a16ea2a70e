package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageLimitsTest {
  private static final byte[] JPEG = Images.oneOfEach().get(4);
  private static final byte[] LOSSY = Images.oneOfEach().get(7);
  private static final byte[] LOSSLESS = Images.oneOfEach().get(8);

  @ParameterizedTest
  @CsvSource({
    "4, 4, 1, ok",
    "16384, 4096, 1000000, ok",
    "8192, 8192, 1000000, ok",
    "2048, 2048, 1, ok",
    "16385, 1, 1000000, a side",
    "1, 16385, 1000000, a side",
    "1, 64, 1, ok",
    "64, 1, 1, ok",
    "1, 65, 1000000, one side",
    "129, 2, 1000000, one side",
    "16384, 255, 1000000, one side",
    "2147483647, 2147483647, 1000000, a side",
    "8192, 8193, 1000000, pixels",
    "16384, 16384, 1000000, pixels",
    "2048, 2049, 3, too few bytes",
    "2048, 2049, 4, ok",
    "8192, 8192, 122879, too few bytes",
    "8192, 8192, 122880, ok",
  })
  void sizesAreCapped(int width, int height, long bytes, String expected) {
    UnavailableException refusal =
        catchThrowableOfType(
            UnavailableException.class, () -> ImageLimits.DEFAULTS.checkSize(width, height, bytes));
    if (expected.equals("ok")) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal).hasMessageContaining(expected);
      assertThat(refusal.why()).isEqualTo(Cause.TOO_LARGE);
    }
  }

  /** None of these files has any image data: the header alone must do. */
  @Test
  void aBombIsRefusedByItsHeaderAlone() {
    byte[] data = new byte[10_000];
    int[][] sizes = {{30_000, 30_000}, {1, 60_000}, {60_000, 1}, {0x7FFFFFFF, 0x7FFFFFFF}};
    for (int[] size : sizes) {
      byte[] header = PngSpec.header(size[0], size[1], 8, 6, 0);
      assertRefused(PngSpec.file(header, data), Cause.TOO_LARGE, "");
    }
    byte[] jpeg = Arrays.copyOf(JPEG, JPEG.length / 2);
    ByteBuffer.wrap(jpeg).putInt(frame(jpeg) + 5, 0xFFFF_FFFF);
    assertRefused(jpeg, Cause.TOO_LARGE, "a side");
    byte[] lossy = LOSSY.clone();
    ByteBuffer.wrap(lossy).putInt(26, 0xFF3F_FF3F);
    assertRefused(lossy, Cause.TOO_LARGE, "pixels");
    byte[] lossless = LOSSLESS.clone();
    lossless[21] = lossless[22] = lossless[23] = (byte) 0xFF;
    lossless[24] = 0x0F;
    assertRefused(lossless, Cause.TOO_LARGE, "pixels");
  }

  private static int frame(byte[] jpeg) {
    for (int i = 0; ; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
        return i;
      }
    }
  }

  @Test
  void aWholePngOfTooManyPixelsPerByteIsTooLarge() {
    assertRefused(PngSpec.flat(1, 16_385, 0xFF00FF).encode(), Cause.TOO_LARGE, "a side");
    PngSpec spec = PngSpec.flat(2, 2, 0);
    byte[] file = spec.encode();
    byte[] header = PngSpec.header(8000, 8000, 1, 0, 0);
    System.arraycopy(header, 0, file, 8, header.length);
    assertRefused(file, Cause.TOO_LARGE, "too few bytes");
  }

  @Test
  void aFileOfTooManyBytesIsTooLarge() throws Exception {
    PngSpec spec = PngSpec.flat(8, 8, 0xFF00FF);
    byte[] file = spec.encode();
    assertThatCode(() -> reader(file.length).prepare(Images.sample(file)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> reader(file.length - 1).prepare(Images.sample(file)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("bytes");
  }

  private static PictureReader reader(int maxBytes) {
    Duration wait = Duration.ZERO;
    return new PictureReader(Images.limits(maxBytes, 100, 100, 1, 100, wait), Images.squares(1));
  }

  @Test
  void aFrameBeyondTheWholeBudgetIsTooLarge() {
    for (byte[] file : new byte[][] {JPEG, LOSSY, LOSSLESS}) {
      ImageLimits tight = Images.limits(1 << 20, 100, 10_000, 100, 1024, Duration.ZERO);
      PictureReader reader = new PictureReader(tight, Images.squares(1));
      assertThatThrownBy(() -> reader.prepare(Images.sample(file)))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("budget");
    }
  }

  @Test
  void limitsBelowOneAreRefused() {
    Duration wait = Duration.ZERO;
    for (int bad = 0; bad < 8; bad++) {
      int[] v = {1, 1, 1, 1, 1, 1, 1, 1};
      v[bad] = 0;
      assertThatThrownBy(
              () -> new ImageLimits(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], wait))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Images.limits(1, 65_536, 1, 1, 1, wait))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Images.limits(1, 1, 1, 1, 1, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
