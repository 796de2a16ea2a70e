package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OwnedTest {
  private static final Owner ANNA = new Owner("shop", "anna");
  private static final Owner BEN = new Owner("shop", "ben");

  private final AtomicLong nanos = new AtomicLong();
  private final Owned<String> things = new Owned<>(100, Duration.ofHours(1), nanos::get);

  @Test
  void an_id_exists_for_its_owner_only() {
    assertThat(things.claim(ANNA, "j1", "a")).isTrue();

    assertThat(things.find(ANNA, "j1")).contains("a");
    assertThat(things.find(BEN, "j1")).isEmpty();
    assertThat(things.find(new Owner("other", "anna"), "j1")).isEmpty();
  }

  @Test
  void an_id_stays_with_the_first_who_had_it() {
    things.claim(ANNA, "j1", "a");

    assertThat(things.claim(BEN, "j1", "b")).isFalse();
    assertThat(things.claim(ANNA, "j1", "c")).isTrue();
    assertThat(things.find(ANNA, "j1")).contains("c");
  }

  @Test
  void an_id_that_nobody_asks_for_is_forgotten() {
    things.claim(ANNA, "j1", "a");
    nanos.addAndGet(Duration.ofMinutes(59).toNanos());
    assertThat(things.find(ANNA, "j1")).isPresent();
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());

    assertThat(things.find(ANNA, "j1")).isEmpty();
    assertThat(things.claim(BEN, "j1", "b")).isTrue();
  }
}
