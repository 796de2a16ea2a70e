package io.sallyport.proxy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reply that is read piece by piece, one for each {@link #next()}: the upstream waits while
 * nobody asks. Lives on the event loop of its call.
 */
final class ReplyStream implements UpstreamClient.Answered {
  private final HttpClientResponse response;
  private final Consumer<RefusalReason> cancel;
  private @Nullable Promise<Optional<Buffer>> asked;
  private @Nullable RefusalReason failure;
  private boolean ended;

  /**
   * @param whole runs once when the reply has been read to its end
   * @param failed ends the call for a reason, and so this stream
   */
  ReplyStream(HttpClientResponse response, Runnable whole, Consumer<RefusalReason> failed) {
    this.response = response;
    this.cancel = failed;
    response.pause();
    response.exceptionHandler(thrown -> failed.accept(TransportReason.UPSTREAM_CUT));
    response.handler(this::arrived);
    response.endHandler(
        end -> {
          ended = true;
          whole.run();
          tell();
        });
  }

  int status() {
    return response.statusCode();
  }

  MultiMap headers() {
    return response.headers();
  }

  /**
   * The next piece; empty at the end. To be asked for one at a time.
   *
   * @return fails with {@link RefusedException}
   */
  Future<Optional<Buffer>> next() {
    Promise<Optional<Buffer>> promise = Promise.promise();
    asked = promise;
    if (failure == null && !ended) {
      response.fetch(1);
    } else {
      tell();
    }
    return promise.future();
  }

  /** Nobody reads on: the upstream may stop working. Harmless after the end. */
  void cancel() {
    cancel.accept(TransportReason.CLIENT_LEFT);
  }

  /** The call failed. */
  void fail(RefusalReason reason) {
    failure = reason;
    tell();
  }

  private void arrived(Buffer piece) {
    Promise<Optional<Buffer>> promise = asked;
    asked = null;
    if (promise != null) {
      promise.complete(Optional.of(piece));
    }
  }

  private void tell() {
    Promise<Optional<Buffer>> promise = asked;
    if (promise == null) {
      return;
    }
    if (failure != null) {
      asked = null;
      promise.fail(new RefusedException(failure));
    } else if (ended) {
      asked = null;
      promise.complete(Optional.empty());
    }
  }
}
