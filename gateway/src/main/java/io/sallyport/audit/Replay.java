package io.sallyport.audit;

import io.sallyport.decide.Decider;
import io.sallyport.decide.Decision;
import io.sallyport.policy.Policy;
import java.util.HashSet;
import java.util.Set;

/**
 * A recorded decision beside the one that a policy makes of the same evidence now.
 *
 * <p>With the policy of the recorded digest the two are equal (I9). With another policy they show
 * what it would have decided.
 *
 * @param recorded what the log holds
 * @param now what the judge says
 */
public record Replay(Decision recorded, Decision now) {

  /**
   * Decides again.
   *
   * @param event from the log; its detectors are those that were expected at the stage
   * @param policy whose detectors among those are expected now
   */
  public static Replay of(AuditEvent.Decided event, Policy policy) {
    Set<String> expected = new HashSet<>(event.detectors().keySet());
    expected.retainAll(policy.detectors());
    Decision recorded = event.decision();
    return new Replay(
        recorded, Decider.decide(policy, recorded.stage(), expected, recorded.evidence()));
  }

  /** True when the policy is the one that decided. */
  public boolean samePolicy() {
    return recorded.policyDigest().equals(now.policyDigest());
  }

  /** True when the two are equal in every part. */
  public boolean identical() {
    return recorded.equals(now);
  }

  /** True when something else would be enforced now. */
  public boolean verdictChanged() {
    return recorded.verdict() != now.verdict();
  }
}
