package io.sallyport.decide;

import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Cause;

/**
 * Why a decision is not a plain allow. Sealed: a violation and a missing answer are never confused.
 */
public sealed interface Reason {
  /** Index of the item in {@link Evidence#items()}. */
  int item();

  /** What this reason alone asks for. */
  Verdict verdict();

  /** True when it is recorded but not enforced. */
  boolean shadow();

  /** A rule applied. */
  record Violation(
      int item,
      String rule,
      Category category,
      Verdict verdict,
      boolean shadow,
      Disclosure disclosure)
      implements Reason {}

  /**
   * An expected detector had no answer.
   *
   * @param shadow only in a policy that is in shadow and has no floor at the stage
   */
  record Unavailable(int item, String detector, Cause cause, Verdict verdict, boolean shadow)
      implements Reason {}
}
