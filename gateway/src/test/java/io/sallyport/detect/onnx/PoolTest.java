package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolTest {
  private final List<String> freed = new ArrayList<>();
  private final Pool<String> pool = new Pool<>(1, freed::add);

  @Test
  void givesOutWhatCameBack() throws Exception {
    pool.give("a");

    assertThat(pool.take(() -> "new")).isEqualTo("a");
    assertThat(pool.take(() -> "new")).isEqualTo("new");
  }

  @Test
  void freesWhatDoesNotFit() {
    pool.give("a");
    pool.give("b");

    assertThat(freed).containsExactly("b");
  }

  @Test
  void freesEverythingOnceClosed() {
    pool.give("a");
    pool.close();
    pool.give("late");

    assertThat(freed).containsExactly("a", "late");
  }
}
