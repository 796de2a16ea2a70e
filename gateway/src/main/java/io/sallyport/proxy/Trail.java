package io.sallyport.proxy;

import io.sallyport.audit.Receipt;
import io.sallyport.signal.Signal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * What the gates behind an exchange have said so far. Immutable.
 *
 * @param signals of every earlier stage, for rules that look at more than one
 * @param receipts of every decision; no answer leaves before all of them (I2)
 */
record Trail(List<Signal> signals, List<Future<Receipt>> receipts) {
  static final Trail BEGIN = new Trail(List.of(), List.of());

  Trail {
    signals = List.copyOf(signals);
    receipts = List.copyOf(receipts);
  }

  /** The trail after one more gate. */
  Trail with(Judgement judgement) {
    List<Signal> all = new ArrayList<>(signals);
    all.addAll(judgement.decision().evidence().own());
    List<Future<Receipt>> more = new ArrayList<>(receipts);
    more.add(judgement.receipt());
    return new Trail(all, more);
  }

  /** Completes when every decision is on record. */
  Future<Void> durable() {
    return Future.all(receipts).mapEmpty();
  }

  /** A failure after these gates, told once they are on record. */
  <T> Future<T> failed(Throwable thrown) {
    return durable().compose(durable -> Future.failedFuture(thrown));
  }
}
