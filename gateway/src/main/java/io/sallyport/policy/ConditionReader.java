package io.sallyport.policy;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the condition of one rule and remembers where each part stands. */
final class ConditionReader {
  /** Stands in for a condition that could not be read; its problem is recorded. */
  static final Condition NOTHING = new Condition.Any(List.of());

  /** PDQ hashes, the longest of those in use, have 256 bits. */
  private static final int BITS_MAX = 256;

  private final Map<Condition, YamlValue> places = new IdentityHashMap<>();

  Map<Condition, YamlValue> places() {
    return places;
  }

  Condition read(YamlValue value) {
    YamlMap map = value.asMap();
    List<Condition> kinds =
        java.util.stream.Stream.of(
                map.get("score").map(this::score),
                map.get("match").map(this::match),
                map.get("unavailable").map(this::unavailable),
                map.get("all").map(at -> new Condition.All(parts(at))),
                map.get("any").map(at -> new Condition.Any(parts(at))))
            .<Condition>flatMap(Optional::stream)
            .toList();
    map.rejectUnknown();
    if (kinds.size() != 1) {
      value.problem("expected exactly one of score, match, unavailable, all, any");
      return NOTHING;
    }
    places.put(kinds.getFirst(), value);
    return kinds.getFirst();
  }

  private Condition score(YamlValue value) {
    YamlMap map = value.asMap();
    String label = map.string("label");
    double atLeast = map.require("at_least", 1.0, ConditionReader::threshold);
    Optional<String> detector = map.get("detector").map(DraftReader::name);
    Optional<Stage> stage = stage(map);
    map.rejectUnknown();
    return new Condition.ScoreAtLeast(stage, detector, label, atLeast);
  }

  /** Above 0: a threshold of 0 holds for every sample, and looks like a slip. */
  private static double threshold(YamlValue value) {
    double threshold = value.asDouble(0, 1);
    if (threshold == 0) {
      value.problem("a threshold is above 0, and at most 1");
    }
    return threshold;
  }

  private Condition match(YamlValue value) {
    YamlMap map = value.asMap();
    String bank = map.string("bank");
    int within = map.require("within", 0, at -> at.asInt(0, BITS_MAX));
    Optional<Stage> stage = stage(map);
    map.rejectUnknown();
    return new Condition.MatchWithin(stage, bank, within);
  }

  private Condition unavailable(YamlValue value) {
    if (!value.isMap()) {
      return new Condition.DetectorUnavailable(Optional.empty(), DraftReader.name(value), Set.of());
    }
    YamlMap map = value.asMap();
    String detector = map.require("detector", "?", DraftReader::name);
    Set<Cause> causes = map.get("causes", Set.of(), ConditionReader::causes);
    Optional<Stage> stage = stage(map);
    map.rejectUnknown();
    return new Condition.DetectorUnavailable(stage, detector, causes);
  }

  private static Set<Cause> causes(YamlValue value) {
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    for (YamlValue item : value.asListOrOne()) {
      if (!causes.add(item.asEnum(Cause.class))) {
        item.problem("listed twice");
      }
    }
    if (causes.isEmpty()) {
      value.problem("at least one cause is needed; leave 'causes' out for any");
    }
    return causes;
  }

  private List<Condition> parts(YamlValue value) {
    List<Condition> parts = value.asList().stream().map(this::read).toList();
    if (parts.isEmpty()) {
      value.problem("at least one part is needed");
    }
    return parts;
  }

  private static Optional<Stage> stage(YamlMap map) {
    return map.get("stage").map(at -> at.asEnum(Stage.class));
  }
}
