package io.sallyport.dialect;

import java.util.Optional;
import java.util.Set;

/**
 * What one kind of text message may hold.
 *
 * @param types by any of which it calls itself
 * @param shared true when it may pass to anybody, whatever job is under way: it has no content
 * @param ends when a job is over with it
 * @param reply what it may hold, read as a whole reply is
 */
record MessageRule(
    Set<String> types, EventRule.Action action, boolean shared, Ends ends, ReplyRule reply) {
  MessageRule {
    types = Set.copyOf(types);
  }

  /**
   * When a job is over.
   *
   * @param always with every message of the kind
   * @param whenNull with one in which null stands there
   */
  record Ends(boolean always, Optional<MemberPath> whenNull) {
    static final Ends NEVER = new Ends(false, Optional.empty());

    boolean with(byte[] json, int depthMax) {
      return always || whenNull.filter(path -> path.find(json, depthMax).isNull()).isPresent();
    }
  }
}
