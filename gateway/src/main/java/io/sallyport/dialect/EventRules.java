package io.sallyport.dialect;

import java.util.List;

/** Which events a reply may consist of: the first rule that claims one counts. Immutable. */
public final class EventRules {
  private final List<EventRule> rules;

  EventRules(List<EventRule> rules) {
    this.rules = List.copyOf(rules);
  }

  List<EventRule> rules() {
    return rules;
  }

  /**
   * A reader for one stream.
   *
   * @param dropPreviews true when previews go no further, whatever they hold
   */
  public EventReader reader(ReadLimits limits, boolean dropPreviews) {
    return new EventReader(rules, limits, dropPreviews);
  }
}
