package io.sallyport.policy;

import io.sallyport.policy.Draft.PlacedOpinion;
import io.sallyport.policy.Draft.PlacedRule;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads one policy file into a draft; whatever is wrong in the file itself is found here. */
final class DraftReader {
  /** The judge asks every rule of every item; no policy needs more. */
  static final int RULES_MAX = 1000;

  /** Names stand in metrics, records and URLs. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private DraftReader() {}

  static Draft read(YamlValue file) {
    YamlMap map = file.asMap();
    YamlValue place = map.get("policy").orElse(file);
    String name = map.require("policy", "?", DraftReader::name);
    YamlValue parent = map.get("extends").orElse(null);
    Map<String, YamlValue> detectors =
        parent == null
            ? map.require("detectors", Map.of(), DraftReader::detectors)
            : map.get("detectors", Map.of(), DraftReader::detectors);
    YamlValue unavailable = map.get("unavailable").orElse(null);
    Boolean shadow = map.get("shadow").map(YamlValue::asBoolean).orElse(null);
    List<PlacedRule> rules = map.get("rules", List.of(), DraftReader::rules);
    List<PlacedOpinion> opinions = map.get("second_opinion", List.of(), SecondOpinionReader::read);
    map.rejectUnknown();
    return new Draft(place, name, parent, detectors, unavailable, shadow, rules, opinions);
  }

  static String name(YamlValue value) {
    String name = value.asString();
    if (!NAME.matcher(name).matches()) {
      value.problem("a name is at most 63 of a-z, 0-9 and '-', and does not start with '-'");
    }
    return name;
  }

  private static Map<String, YamlValue> detectors(YamlValue value) {
    Map<String, YamlValue> detectors = new LinkedHashMap<>();
    for (YamlValue item : value.asList()) {
      String name = name(item);
      if (name.equals(UnavailableReader.OTHERWISE)) {
        item.problem("'otherwise' is no name for a detector: it has a meaning under 'unavailable'");
      }
      if (detectors.putIfAbsent(name, item) != null) {
        item.problem("listed twice");
      }
    }
    return detectors;
  }

  private static List<PlacedRule> rules(YamlValue value) {
    List<YamlValue> items = value.asList();
    if (items.size() > RULES_MAX) {
      value.problem("more than " + RULES_MAX + " rules");
      return List.of();
    }
    List<PlacedRule> rules = new ArrayList<>();
    items.forEach(item -> rules.add(RuleReader.read(item)));
    return rules;
  }
}
