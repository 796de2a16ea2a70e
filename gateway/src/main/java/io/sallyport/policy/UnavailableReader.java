package io.sallyport.policy;

import io.sallyport.signal.Cause;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads what a policy does about missing answers. A verdict alone replaces all that the parent
 * says; a mapping replaces what it names and keeps the rest.
 */
final class UnavailableReader {
  static final String OTHERWISE = "otherwise";

  private final UnavailableRule parent;
  private final Set<String> detectors;
  private Verdict otherwise;
  private final Map<String, Verdict> byDetector;
  private final Map<String, Map<Cause, Verdict>> byDetectorAndCause;

  /**
   * @param detectors those of the policy, its parents' too
   */
  UnavailableReader(UnavailableRule parent, Set<String> detectors) {
    this.parent = parent;
    this.detectors = detectors;
    this.otherwise = parent.otherwise();
    this.byDetector = new HashMap<>(parent.byDetector());
    this.byDetectorAndCause = new HashMap<>(parent.byDetectorAndCause());
  }

  UnavailableRule read(YamlValue value) {
    if (value.isString()) {
      return new UnavailableRule(verdict(value), Map.of(), Map.of());
    }
    value.asMap().forEach(this::entry);
    return new UnavailableRule(otherwise, byDetector, byDetectorAndCause);
  }

  /** Records a problem where an inherited detector would be treated more mildly than before. */
  void refuseLoosening(UnavailableRule child, Set<String> inherited, YamlValue place) {
    for (String detector : inherited) {
      for (Cause cause : Cause.values()) {
        Verdict before = parent.verdict(detector, cause);
        Verdict after = child.verdict(detector, cause);
        if (after.compareTo(before) < 0) {
          place.problem(
              "the parent says %s for %s without an answer; %s would loosen it"
                  .formatted(before.wire(), detector, after.wire()));
          break;
        }
      }
    }
  }

  private void entry(String key, YamlValue value) {
    if (key.equals(OTHERWISE)) {
      otherwise = verdict(value);
      return;
    }
    if (!detectors.contains(key)) {
      value.problem("not among the policy's detectors");
    }
    byDetector.remove(key);
    byDetectorAndCause.remove(key);
    if (value.isMap()) {
      byDetectorAndCause.put(key, causes(key, value.asMap()));
    } else {
      byDetector.put(key, verdict(value));
    }
  }

  private Map<Cause, Verdict> causes(String detector, YamlMap map) {
    Map<Cause, Verdict> verdicts = new EnumMap<>(Cause.class);
    map.get(OTHERWISE).ifPresent(value -> byDetector.put(detector, verdict(value)));
    for (Cause cause : Cause.values()) {
      map.get(cause.wire()).ifPresent(value -> verdicts.put(cause, verdict(value)));
    }
    map.rejectUnknown();
    return verdicts;
  }

  private static Verdict verdict(YamlValue value) {
    return value.asEnum(Verdict.class);
  }
}
