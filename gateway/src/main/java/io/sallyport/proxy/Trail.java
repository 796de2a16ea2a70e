package io.sallyport.proxy;

import io.sallyport.audit.Receipt;
import io.sallyport.decide.Decision;
import io.sallyport.signal.Signal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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

  /**
   * Goes on when the gate stays open; else answers.
   *
   * @param blocked called once all decisions, the refusal among them, are on record
   */
  Future<Outcome> through(
      Future<Judgement> judged,
      Function<Trail, Future<Outcome>> open,
      Function<Decision, Future<Outcome>> blocked) {
    return judged.compose(
        judgement -> {
          Trail passed = with(judgement);
          return judgement.decision().blocked()
              ? passed.durable().compose(durable -> blocked.apply(judgement.decision()))
              : open.apply(passed);
        });
  }

  /** Completes when every decision is on record. */
  Future<Void> durable() {
    return Future.all(receipts).mapEmpty();
  }

  /** The same decisions, with these signals in place of what they were made on. */
  Trail saying(List<Signal> signals) {
    return new Trail(signals, receipts);
  }

  /** A failure after these gates, told once they are on record. */
  <T> Future<T> failed(Throwable thrown) {
    return durable().compose(durable -> Future.failedFuture(thrown));
  }
}
