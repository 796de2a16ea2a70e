package io.sallyport.decide.cases;

import io.sallyport.decide.Evidence;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlValue;
import java.util.Set;
import java.util.SortedSet;

/**
 * One case of a case file.
 *
 * @param place where it stands
 * @param evidence a detector that an item does not mention has answered and found nothing; one that
 *     is to be missing is spelled out as unavailable
 * @param notAsked detectors that say nothing, and whose silence the judge must excuse in every item
 */
record PolicyCase(
    YamlValue place,
    String name,
    String policy,
    Stage stage,
    Evidence evidence,
    Set<String> notAsked,
    Expectation expected) {

  /**
   * What comes out.
   *
   * @param reasons rule ids, and {@code detector:cause} for missing answers, in shadow or not
   */
  record Expectation(Verdict verdict, Verdict wouldBe, SortedSet<String> reasons) {
    @Override
    public String toString() {
      return "verdict " + verdict.wire() + ", would_be " + wouldBe.wire() + ", reasons " + reasons;
    }
  }
}
