package io.sallyport.detect;

import io.sallyport.signal.Signal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One sample that is asked about in rounds, under one deadline; it is decoded or normalised once
 * for all of them. One round at a time; holds content, and lives for one exchange.
 */
public interface Inquiry {
  /**
   * Asks some detectors, as one task of the lane.
   *
   * @param wanted those not asked before; see {@link DetectorPanel#expected}
   * @return as of {@link DetectorPanel#inspect}
   */
  CompletionStage<List<Signal>> ask(Set<String> wanted);

  /**
   * Says that no further round follows, so that the sample's memory is used again once nobody looks
   * at it any more. Never blocks; may be called while a round goes on.
   */
  void close();
}
