package io.sallyport.detect.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PlacesTest {

  @Test
  void letsInAsManyAsThereArePlacesAndTheRestInTurn() throws Exception {
    Places places = new Places(1, 2);
    assertThat(places.enter()).isCompleted();
    CompletableFuture<Void> second = places.enter();
    CompletableFuture<Void> third = places.enter();
    assertThat(second).isNotDone();
    assertThat(places.inside()).isEqualTo(1);
    assertThat(places.waiting()).isEqualTo(2);

    places.leave();
    assertThat(second).isCompleted();
    assertThat(third).isNotDone();
    places.leave();
    assertThat(third).isCompleted();
    places.leave();
    assertThat(places.inside()).isZero();
    assertThat(places.waiting()).isZero();
  }

  @Test
  void refusesWhoeverWouldBeOneTooMany() throws Exception {
    Places places = new Places(1, 1);
    places.enter();
    places.enter();

    UnavailableException thrown = catchThrowableOfType(UnavailableException.class, places::enter);
    assertThat(thrown.why()).isEqualTo(Cause.OVERLOAD);
  }

  @Test
  void forgetsWhoeverGaveUp() throws Exception {
    Places places = new Places(1, 1);
    places.enter();
    places.enter().cancel(false);
    assertThat(places.waiting()).isZero();
    CompletableFuture<Void> patient = places.enter();

    places.leave();
    assertThat(patient).isCompleted();
    assertThat(places.inside()).isEqualTo(1);
  }
}
