package io.sallyport;

import io.sallyport.detect.Preparer;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.function.IntSupplier;

/**
 * Prepares for a challenger: whatever waits to be judged comes first, and a challenger that would
 * take its time is skipped. Safe on every thread.
 *
 * @param waiting how many tasks wait to be judged
 */
record GivingWay<S>(Preparer<S> preparer, IntSupplier waiting) implements Preparer<S> {
  @Override
  public S prepare(Sample sample) throws UnavailableException {
    if (waiting.getAsInt() > 0) {
      throw new UnavailableException(Cause.OVERLOAD, "the lane has other work");
    }
    return preparer.prepare(sample);
  }

  @Override
  public void release(S prepared) {
    preparer.release(prepared);
  }
}
