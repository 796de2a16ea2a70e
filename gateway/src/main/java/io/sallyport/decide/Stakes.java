package io.sallyport.decide;

import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;

/**
 * What one more reason could still change of a decision. The outcome that must not change is, of a
 * second opinion, the verdict, what it would be, and whether content or a failed check blocks; of
 * any other detector also what a refusal tells, and which categories are blocked and recorded.
 * Pure.
 *
 * @param spoken the decision on what was said so far, silences not counted
 * @param verdictOnly true for a second opinion
 * @param advisory true when the reason would rest on an advisory detector
 */
record Stakes(Policy policy, Decision spoken, boolean verdictOnly, boolean advisory) {

  /** True when the rule, did it apply, would change the outcome. */
  boolean change(Rule rule) {
    Verdict verdict = rule.verdict().capped(advisory);
    boolean enforced = policy.enforces(rule);
    boolean blocks = enforced && verdict == Verdict.BLOCK;
    if (stricter(verdict, enforced) || (blocks && spoken.blockedUnavailable())) {
      return true;
    }
    return !verdictOnly
        && (!spoken.categories().contains(rule.category())
            || (blocks && tellsOtherwise(rule.disclosure()))
            || (blocks && !spoken.blockedCategories().contains(rule.category())));
  }

  /** True when the lack of the detector's answer would change the outcome. */
  boolean failure(String detector) {
    Verdict worst = Verdict.ALLOW;
    for (Cause cause : Cause.values()) {
      worst = worst.or(policy.unavailable().verdict(detector, cause).capped(advisory));
    }
    boolean enforced = policy.enforcesMissing(spoken.stage());
    boolean blocks = enforced && worst == Verdict.BLOCK;
    return stricter(worst, enforced)
        || (!verdictOnly && blocks && tellsOtherwise(Disclosure.GENERIC));
  }

  private boolean stricter(Verdict verdict, boolean enforced) {
    return verdict.compareTo(spoken.wouldBe()) > 0
        || (enforced && verdict.compareTo(spoken.verdict()) > 0);
  }

  private boolean tellsOtherwise(Disclosure disclosure) {
    return disclosure.compareTo(spoken.disclosure()) < 0;
  }
}
