package io.sallyport.proxy;

import io.sallyport.audit.Receipt;
import io.sallyport.decide.Decision;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A decision and the promise that it is on record.
 *
 * @param recorded completes on the record's own thread when the decision is durable
 * @param context of the event loop on which that is told
 */
record Judgement(Decision decision, CompletionStage<Receipt> recorded, Context context) {

  /**
   * Completes when the decision is durable; fails with {@link RefusedException}. No answer that the
   * decision shapes leaves before it (I2).
   */
  Future<Receipt> receipt() {
    return durable(recorded, context);
  }

  /** The same for several of one visit: told once, and not for each of them. */
  static Future<Void> durable(List<Judgement> judgements) {
    if (judgements.isEmpty()) {
      return Future.succeededFuture();
    }
    CompletableFuture<?>[] all =
        judgements.stream()
            .map(judgement -> judgement.recorded().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return durable(CompletableFuture.allOf(all), judgements.getFirst().context());
  }

  /** A write to the record, told on the event loop of whoever waits for it. */
  static <T> Future<T> durable(CompletionStage<T> written, Context context) {
    return Future.fromCompletionStage(written, context)
        .recover(
            thrown ->
                Future.failedFuture(new RefusedException(TransportReason.RECORD_UNAVAILABLE)));
  }
}
