package io.sallyport.policy;

import io.sallyport.yaml.YamlValue;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy file as it was read, before its parent is known. Keeps places, so that what is wrong can
 * be said where it stands.
 *
 * @param place where the policy is named
 * @param parent the {@code extends} value, when there is one
 * @param detectors the file's own detectors and their places
 * @param unavailable the {@code unavailable} value, when there is one
 * @param shadow null when the file does not say
 * @param rules the file's own rules
 * @param opinions the file's own second opinions
 */
record Draft(
    YamlValue place,
    String name,
    @Nullable YamlValue parent,
    Map<String, YamlValue> detectors,
    @Nullable YamlValue unavailable,
    @Nullable Boolean shadow,
    List<PlacedRule> rules,
    List<PlacedOpinion> opinions) {

  /** A second opinion and where its detector is named. */
  record PlacedOpinion(SecondOpinion opinion, YamlValue place) {}

  /**
   * A rule with the places of its parts.
   *
   * @param conditions by identity, for two equal conditions stand in two places
   */
  record PlacedRule(Rule rule, YamlValue place, IdentityHashMap<Condition, YamlValue> conditions) {}
}
