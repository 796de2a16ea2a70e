package io.sallyport.policy;

import io.sallyport.policy.Draft.PlacedOpinion;
import io.sallyport.policy.Draft.PlacedRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Folds parents into their children. A child adds; it never takes away and never loosens. */
final class Family {
  private static final Policy NOBODY =
      new Policy("", "", Set.of(), UnavailableRule.BLOCK, false, List.of());

  private final Map<String, Draft> drafts;
  private final Map<String, Policy> resolved = new HashMap<>();
  private final Set<String> onTheWay = new LinkedHashSet<>();

  Family(Map<String, Draft> drafts) {
    this.drafts = drafts;
  }

  /** The draft's policy with its parents folded in, signed. */
  Policy resolve(Draft draft) {
    Policy known = resolved.get(draft.name());
    if (known != null) {
      return known;
    }
    onTheWay.add(draft.name());
    Policy policy = CanonicalForm.sign(join(parent(draft), draft));
    onTheWay.remove(draft.name());
    resolved.put(draft.name(), policy);
    return policy;
  }

  private Policy parent(Draft draft) {
    var place = draft.parent();
    if (place == null) {
      return NOBODY;
    }
    String name = DraftReader.name(place);
    Optional<Draft> parent = Optional.ofNullable(drafts.get(name));
    if (parent.isEmpty()) {
      place.problem("there is no policy of that name");
      return NOBODY;
    }
    if (onTheWay.contains(name)) {
      place.problem("goes in a circle: " + String.join(" -> ", onTheWay) + " -> " + name);
      return NOBODY;
    }
    return resolve(parent.get());
  }

  private static Policy join(Policy parent, Draft draft) {
    Set<String> detectors = new LinkedHashSet<>(parent.detectors());
    detectors.addAll(draft.detectors().keySet());
    boolean shadow = draft.shadow() == null ? parent.shadow() : draft.shadow();
    return new Policy(
        draft.name(),
        "",
        detectors,
        unavailable(parent, draft, detectors),
        shadow,
        rules(parent, draft),
        opinions(parent, draft));
  }

  /** A detector that the parent always asks cannot become one that is asked sometimes. */
  private static List<SecondOpinion> opinions(Policy parent, Draft draft) {
    List<SecondOpinion> opinions = new ArrayList<>(parent.secondOpinions());
    for (PlacedOpinion placed : draft.opinions()) {
      if (parent.detectors().contains(placed.opinion().detector())) {
        placed.place().problem("the parent says when it is asked; another say would loosen it");
      } else {
        opinions.add(placed.opinion());
      }
    }
    return opinions;
  }

  private static UnavailableRule unavailable(Policy parent, Draft draft, Set<String> detectors) {
    var place = draft.unavailable();
    if (place == null) {
      return parent.unavailable();
    }
    UnavailableReader reader = new UnavailableReader(parent.unavailable(), detectors);
    UnavailableRule rule = reader.read(place);
    reader.refuseLoosening(rule, parent.detectors(), place);
    return rule;
  }

  private static List<Rule> rules(Policy parent, Draft draft) {
    List<Rule> rules = new ArrayList<>(parent.rules());
    Set<String> ids = new HashSet<>();
    parent.rules().forEach(rule -> ids.add(rule.id()));
    for (PlacedRule placed : draft.rules()) {
      if (!ids.add(placed.rule().id())) {
        placed.place().problem("another rule has this id, here or in a parent");
      }
      rules.add(placed.rule());
    }
    if (rules.size() > DraftReader.RULES_MAX) {
      draft.place().problem("more than " + DraftReader.RULES_MAX + " rules with its parents'");
    }
    return rules;
  }
}
