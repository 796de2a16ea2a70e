package io.sallyport.decide.cases;

import io.sallyport.decide.Evidence;
import io.sallyport.decide.cases.PolicyCase.Expectation;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads one case file. */
final class CaseReader {
  private static final String KIND = "policy";

  private CaseReader() {}

  static List<PolicyCase> read(YamlValue file) {
    YamlMap map = file.asMap();
    String kind = map.string("kind");
    if (!kind.equals(KIND)) {
      map.get("kind").orElse(file).problem("expected '" + KIND + "'");
    }
    String policy = map.string("policy");
    List<YamlValue> cases = map.require("cases", List.of(), YamlValue::asList);
    map.rejectUnknown();
    return cases.stream().map(item -> one(item, policy)).toList();
  }

  private static PolicyCase one(YamlValue value, String filePolicy) {
    YamlMap map = value.asMap();
    String name = map.string("name");
    String policy = map.get("policy", filePolicy, YamlValue::asString);
    Stage stage = map.require("stage", Stage.PROMPT, at -> at.asEnum(Stage.class));
    List<Signal> earlier = map.get("earlier", List.of(), at -> signals(at, Optional.empty()));
    List<List<Signal>> items =
        map.require(
            "items",
            List.of(),
            at -> at.asList().stream().map(item -> signals(item, Optional.of(stage))).toList());
    Verdict verdict = map.require("verdict", Verdict.ALLOW, at -> at.asEnum(Verdict.class));
    Verdict wouldBe = map.get("would_be", verdict, at -> at.asEnum(Verdict.class));
    SortedSet<String> reasons = new TreeSet<>();
    map.get("reasons", List.<YamlValue>of(), YamlValue::asList)
        .forEach(reason -> reasons.add(reason.asString()));
    Set<String> notAsked = names(map, "not_asked");
    Set<String> advisory = names(map, "advisory");
    map.rejectUnknown();
    return new PolicyCase(
        value,
        name,
        policy,
        stage,
        new Evidence(earlier, items, advisory),
        notAsked,
        new Expectation(verdict, wouldBe, reasons));
  }

  private static Set<String> names(YamlMap map, String key) {
    Set<String> names = new TreeSet<>();
    map.get(key, List.<YamlValue>of(), YamlValue::asList)
        .forEach(name -> names.add(name.asString()));
    return names;
  }

  /**
   * @param stage the stage of all signals; empty when each names its own
   */
  private static List<Signal> signals(YamlValue value, Optional<Stage> stage) {
    return value.asList().stream().flatMap(item -> signal(item, stage)).toList();
  }

  private static Stream<Signal> signal(YamlValue value, Optional<Stage> given) {
    YamlMap map = value.asMap();
    List<Signal> kinds =
        Stream.of(
                map.get("score").map(at -> score(at, given)),
                map.get("match").map(at -> match(at, given)),
                map.get("unavailable").map(at -> unavailable(at, given)))
            .<Signal>flatMap(Optional::stream)
            .toList();
    map.rejectUnknown();
    if (kinds.size() != 1) {
      value.problem("expected exactly one of score, match, unavailable");
    }
    return kinds.stream();
  }

  private static Signal score(YamlValue value, Optional<Stage> given) {
    YamlMap map = value.asMap();
    String detector = map.string("detector");
    Stage stage = stage(map, given);
    String label = map.string("label");
    double score = map.require("value", 0.0, at -> at.asDouble(0, 1));
    map.rejectUnknown();
    return new Signal.Score(detector, stage, label, score);
  }

  private static Signal match(YamlValue value, Optional<Stage> given) {
    YamlMap map = value.asMap();
    String detector = map.string("detector");
    Stage stage = stage(map, given);
    String bank = map.string("bank");
    int distance = map.require("distance", 0, at -> at.asInt(0, Integer.MAX_VALUE));
    map.rejectUnknown();
    return new Signal.Match(detector, stage, bank, distance);
  }

  private static Signal unavailable(YamlValue value, Optional<Stage> given) {
    YamlMap map = value.asMap();
    String detector = map.string("detector");
    Stage stage = stage(map, given);
    Cause cause = map.require("cause", Cause.MISSING, at -> at.asEnum(Cause.class));
    map.rejectUnknown();
    return new Signal.Unavailable(detector, stage, cause);
  }

  private static Stage stage(YamlMap map, Optional<Stage> given) {
    return given.orElseGet(() -> map.require("stage", Stage.PROMPT, at -> at.asEnum(Stage.class)));
  }
}
