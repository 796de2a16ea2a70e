package io.sallyport.policy;

import io.sallyport.policy.Draft.PlacedRule;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumSet;
import java.util.Set;

/** Reads one rule of a policy file. */
final class RuleReader {
  private RuleReader() {}

  static PlacedRule read(YamlValue value) {
    YamlMap map = value.asMap();
    YamlValue place = map.get("id").orElse(value);
    String id = map.require("id", "?", DraftReader::name);
    Set<Stage> stages = map.require("stage", EnumSet.of(Stage.PROMPT), RuleReader::stages);
    Category category = map.require("category", Category.STAND_IN, RuleReader::category);
    ConditionReader conditions = new ConditionReader();
    Condition when = map.require("when", ConditionReader.NOTHING, conditions::read);
    Verdict verdict = map.require("verdict", Verdict.BLOCK, RuleReader::verdict);
    boolean floor = map.get("floor", false, YamlValue::asBoolean);
    boolean shadow = map.get("shadow", false, YamlValue::asBoolean);
    if (floor && shadow) {
      map.get("shadow").orElse(value).problem("a floor cannot be in shadow");
    }
    Disclosure disclosure =
        map.get("disclose", Disclosure.GENERIC, at -> at.asEnum(Disclosure.class));
    map.rejectUnknown();
    Rule rule = new Rule(id, stages, category, when, verdict, floor, shadow && !floor, disclosure);
    return new PlacedRule(rule, place, conditions.places());
  }

  private static Set<Stage> stages(YamlValue value) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (YamlValue item : value.asListOrOne()) {
      if (!stages.add(item.asEnum(Stage.class))) {
        item.problem("listed twice");
      }
    }
    if (stages.isEmpty()) {
      value.problem("at least one stage is needed");
      stages.add(Stage.PROMPT);
    }
    return stages;
  }

  private static Category category(YamlValue value) {
    String wire = value.asString();
    return Category.of(wire)
        .orElseGet(
            () -> {
              value.problem("unknown category");
              return Category.STAND_IN;
            });
  }

  private static Verdict verdict(YamlValue value) {
    Verdict verdict = value.asEnum(Verdict.class);
    if (verdict == Verdict.ALLOW) {
      value.problem("a rule flags or blocks; what no rule speaks of is allowed");
      return Verdict.BLOCK;
    }
    return verdict;
  }
}
