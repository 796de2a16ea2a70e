package io.sallyport.decide;

import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The outcome for one stage, with enough beside the evidence to run it again.
 *
 * @param stage the stage decided
 * @param policy the policy's name
 * @param policyDigest the policy's digest
 * @param verdict what is enforced
 * @param wouldBe what would be enforced were nothing in shadow; never milder than {@code verdict}
 * @param reasons every rule that applied and every missing answer that counts, strictest first
 * @param evidence what it was decided on
 * @param notAsked every expected detector that is silent because nothing hung on it, by item and
 *     name
 */
public record Decision(
    Stage stage,
    String policy,
    String policyDigest,
    Verdict verdict,
    Verdict wouldBe,
    List<Reason> reasons,
    Evidence evidence,
    List<NotAsked> notAsked) {
  public Decision {
    reasons = List.copyOf(reasons);
    notAsked = List.copyOf(notAsked);
  }

  /** A decision for which every expected detector was asked. */
  public Decision(
      Stage stage,
      String policy,
      String policyDigest,
      Verdict verdict,
      Verdict wouldBe,
      List<Reason> reasons,
      Evidence evidence) {
    this(stage, policy, policyDigest, verdict, wouldBe, reasons, evidence, List.of());
  }

  public boolean blocked() {
    return verdict == Verdict.BLOCK;
  }

  /**
   * True when it blocks and no enforced violation asks for that: the checks failed, not the
   * content.
   */
  public boolean blockedUnavailable() {
    return blocked() && enforcedBlocks().noneMatch(Reason.Violation.class::isInstance);
  }

  /** How much the refusal may tell: the most reserved of the blocking rules. */
  public Disclosure disclosure() {
    return enforcedBlocks()
        .map(
            reason ->
                switch (reason) {
                  case Reason.Violation violation -> violation.disclosure();
                  case Reason.Unavailable unavailable -> Disclosure.GENERIC;
                })
        .min(Comparator.naturalOrder())
        .orElse(Disclosure.GENERIC);
  }

  /** The categories of every violation, enforced or in shadow. */
  public SortedSet<Category> categories() {
    SortedSet<Category> categories = new TreeSet<>();
    for (Reason reason : reasons) {
      if (reason instanceof Reason.Violation violation) {
        categories.add(violation.category());
      }
    }
    return categories;
  }

  /** The categories for which it blocks, for a refusal that may name them. */
  public SortedSet<Category> blockedCategories() {
    SortedSet<Category> categories = new TreeSet<>();
    enforcedBlocks()
        .forEach(
            reason -> {
              if (reason instanceof Reason.Violation violation) {
                categories.add(violation.category());
              }
            });
    return categories;
  }

  private java.util.stream.Stream<Reason> enforcedBlocks() {
    return reasons.stream().filter(reason -> !reason.shadow() && reason.verdict() == Verdict.BLOCK);
  }
}
