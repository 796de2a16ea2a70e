package io.sallyport.detect;

import java.time.Duration;

/**
 * The model behind a detector, as the lane sees it. Detectors over one model name the same model,
 * and share its places and its circuit.
 *
 * @param model the model's name; a metric label, so it comes from the operator's files
 * @param version the model's digest: another one begins with a closed circuit
 * @param threads runs of the model at once, at most; {@link #ALL_THREADS} sets no bound but the
 *     lane's
 * @param deadline the longest that one inspection may take by the model's card
 */
public record ModelUse(String model, String version, int threads, Duration deadline) {
  /** No bound of the model's own. */
  public static final int ALL_THREADS = 0;

  /** The same model without a bound of its own. */
  ModelUse unbounded() {
    return new ModelUse(model, version, ALL_THREADS, deadline);
  }

  public ModelUse {
    if (threads < ALL_THREADS) {
      throw new IllegalArgumentException("a negative number of threads");
    }
  }
}
