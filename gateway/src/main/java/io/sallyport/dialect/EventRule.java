package io.sallyport.dialect;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one kind of event may hold.
 *
 * @param names of the event, a trailing {@code **} standing for any rest; none is any
 * @param reply what its data may hold, read as a whole reply is
 */
record EventRule(List<String> names, Match match, Action action, ReplyRule reply) {
  private static final String ANY_REST = "**";

  EventRule {
    names = List.copyOf(names);
  }

  /** What an event's data must be. */
  sealed interface Match {
    /** Anything. */
    record Any() implements Match {}

    /** This text and nothing else. */
    record Literal(String text) implements Match {}

    /** A JSON object whose members of these names hold one of these texts each. */
    record Members(Map<String, Set<String>> texts) implements Match {
      public Members {
        texts = Map.copyOf(texts);
      }

      boolean holdFor(Map<String, Set<String>> members) {
        return texts.entrySet().stream()
            .allMatch(
                it -> {
                  Set<String> there = members.getOrDefault(it.getKey(), Set.of());
                  return there.size() == 1 && it.getValue().containsAll(there);
                });
      }
    }
  }

  /** What is done with an event. */
  enum Action {
    /** Its images are judged. */
    JUDGE,
    /** Its images are previews of one that is still to come. */
    PREVIEW,
    /** It must hold no image. */
    PASS,
    /** It goes no further. */
    DROP
  }

  /**
   * Whether the rule is the event's.
   *
   * @param members every text that each member of the data has; none unless the data is an object
   */
  boolean claims(EventFields event, Map<String, Set<String>> members) {
    return claimsName(event.name())
        && switch (match) {
          case Match.Any any -> true;
          case Match.Literal(String text) -> event.is(text);
          case Match.Members object -> event.isObject() && object.holdFor(members);
        };
  }

  /** True when the rule claims whatever {@code other} claims. */
  boolean covers(EventRule other) {
    boolean sameNames =
        names.isEmpty()
            || (!other.names.isEmpty() && other.names.stream().allMatch(this::claimsName));
    return sameNames && (match instanceof Match.Any || match.equals(other.match));
  }

  private boolean claimsName(String name) {
    return names.isEmpty()
        || names.stream()
            .anyMatch(
                it ->
                    it.endsWith(ANY_REST)
                        ? name.startsWith(it.substring(0, it.length() - ANY_REST.length()))
                        : it.equals(name));
  }
}
