package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects a body up to a cap; one byte more ends the call. Used by one call. */
final class CappedBody implements BodySubscriber<byte[]> {
  private final int bytesMax;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  CappedBody(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      if (result.isDone()) {
        return;
      }
      if (part.remaining() > bytesMax - body.size()) {
        refuse();
      } else {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        body.writeBytes(bytes);
      }
    }
  }

  private void refuse() {
    if (subscription != null) {
      subscription.cancel();
    }
    result.completeExceptionally(
        new UnavailableException(Cause.BAD_OUTPUT, "the answer is larger than it can be"));
  }

  @Override
  public void onError(Throwable thrown) {
    result.completeExceptionally(thrown);
  }

  @Override
  public void onComplete() {
    result.complete(body.toByteArray());
  }
}
