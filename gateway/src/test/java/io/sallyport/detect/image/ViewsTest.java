package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.signal.Cause;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static final Set<Framing> EIGHT = Set.of(Framing.square(8));
  private static final long ONE = 4L * 3 * 8 * 8;

  @Test
  void framesAddUp() throws Exception {
    Views views = views(3 * ONE);
    for (int frame = 0; frame < 3; frame++) {
      views.add(views.averager());
    }
    assertThat(views.finish().get(Framing.square(8))).hasSize(3);
  }

  @Test
  void moreThanTheirMemoryIsTooLarge() throws Exception {
    Views views = views(3 * ONE - 1);
    views.add(views.averager());
    views.add(views.averager());
    assertThatThrownBy(() -> views.add(views.averager()))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(Cause.TOO_LARGE))
        .hasMessageContaining("views are beyond");
  }

  private static Views views(long maxBytes) throws UnavailableException {
    ImageHeader header = Images.header(PngSpec.flat(5, 5, 0).encode());
    return new Views(header, EIGHT, maxBytes, new Planes());
  }
}
