package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.Preparer;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GivingWayTest {
  private static final Sample DOG = new Sample.Text(Stage.PROMPT, "a dog");

  private final List<String> told = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final GivingWay<String> preparer =
      new GivingWay<>(
          new Preparer<>() {
            @Override
            public String prepare(Sample sample) {
              told.add("prepared");
              return "x";
            }

            @Override
            public void release(String prepared) {
              told.add("released " + prepared);
            }
          },
          waiting::get);

  /** A challenger's pictures once kept their memory to themselves: nobody was told of their end. */
  @Test
  void whatWasPreparedIsReleased() throws Exception {
    preparer.release(preparer.prepare(DOG));
    assertThat(told).containsExactly("prepared", "released x");
  }

  @Test
  void whateverWaitsComesFirst() {
    waiting.set(1);
    UnavailableException skipped =
        catchThrowableOfType(UnavailableException.class, () -> preparer.prepare(DOG));
    assertThat(skipped.why()).isEqualTo(Cause.OVERLOAD);
    assertThat(told).isEmpty();
  }
}
