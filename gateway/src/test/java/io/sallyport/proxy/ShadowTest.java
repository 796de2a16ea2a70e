package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowTest {
  private static final String ID = "req_01a20375089ab9822a23612fd8279557";

  @Test
  void aRequestIsSampledByItsIdAndNothingElse() {

    double fraction = Shadow.fraction(ID);
    assertThat(Shadow.fraction(ID)).isEqualTo(fraction).isBetween(0.0, 1.0);
    assertThat(shadow(fraction).samples("image", ID)).as("up to the share, not with it").isFalse();
    assertThat(shadow(Math.nextUp(fraction)).samples("image", ID)).isTrue();
    assertThat(shadow(1).samples("other", ID)).as("has no challenger").isFalse();
    assertThat(Shadow.NONE.samples("image", ID)).isFalse();
  }

  @Test
  void theShareOfRequestsIsTheShareAskedFor() {
    int sampled = 0;
    for (int i = 0; i < 20_000; i++) {
      if (shadow(0.05).samples("image", RequestIds.next())) {
        sampled++;
      }
    }
    assertThat(sampled / 20_000.0).isCloseTo(0.05, within(0.01));
  }

  private static Shadow shadow(double share) {
    return new Shadow(List.of(), Map.of("image", share));
  }
}
