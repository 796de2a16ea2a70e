package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameLookupTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static List<InetAddress> await(Future<List<InetAddress>> addresses) throws Exception {
    return addresses.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void asksTheMachineAgainAndAgainWithinItsBound() throws Exception {
    NameLookup lookup = new NameLookup(vertx, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(await(lookup.addresses("localhost"))).allMatch(InetAddress::isLoopbackAddress);
    }
  }

  @Test
  void beyondItsBoundItRefuses() {
    NameLookup none = new NameLookup(vertx, 0);
    assertThatThrownBy(() -> await(none.addresses("localhost")))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(FetchReason.FETCH_BUSY));
  }

  @Test
  void aNameWithoutAddressFails() {
    NameLookup lookup = new NameLookup(vertx, 1);
    assertThatThrownBy(() -> await(lookup.addresses("no-such-host.invalid")))
        .isInstanceOf(ExecutionException.class);
  }
}
