package io.sallyport.policy;

import io.sallyport.signal.Cause;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a policy does about a detector without an answer.
 *
 * @param otherwise for whatever the two maps do not name; {@link Verdict#BLOCK} unless the operator
 *     says otherwise
 * @param byDetector per detector
 * @param byDetectorAndCause per detector and cause; the closest entry wins
 */
public record UnavailableRule(
    Verdict otherwise,
    Map<String, Verdict> byDetector,
    Map<String, Map<Cause, Verdict>> byDetectorAndCause) {
  /** Everything unavailable blocks. */
  public static final UnavailableRule BLOCK =
      new UnavailableRule(Verdict.BLOCK, Map.of(), Map.of());

  public UnavailableRule {
    byDetector = Map.copyOf(byDetector);
    byDetectorAndCause =
        byDetectorAndCause.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
  }

  /** The verdict for one missing answer. */
  public Verdict verdict(String detector, Cause cause) {
    Verdict general = byDetector.getOrDefault(detector, otherwise);
    return byDetectorAndCause.getOrDefault(detector, Map.of()).getOrDefault(cause, general);
  }
}
