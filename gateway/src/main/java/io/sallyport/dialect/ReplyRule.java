package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one kind of reply may hold.
 *
 * @param statuses as written: {@code 2xx} or {@code 200}
 * @param types media types: {@code application/json}, text, {@code image/png} or {@code image/*}
 * @param bytesMax the longest body
 * @param anyUrl true when every unclaimed URL is refused, false when only those of images are
 * @param raw true when the whole body is one image
 * @param imagesMin how many images it must hold
 * @param automaton what is claimed
 * @param events what a stream of events may consist of; empty when the reply is no stream
 */
record ReplyRule(
    List<String> statuses,
    Set<String> types,
    int bytesMax,
    boolean anyUrl,
    boolean raw,
    int imagesMin,
    Automaton automaton,
    Optional<EventRules> events) {
  static final String ANY_IMAGE = "image/*";

  ReplyRule {
    statuses = List.copyOf(statuses);
    types = Set.copyOf(types);
  }

  boolean claims(int status) {
    String digits = Integer.toString(status);
    return statuses.contains(digits) || statuses.contains(digits.charAt(0) + "xx");
  }

  boolean claims(MediaType type) {
    return types.contains(type.essence())
        || (types.contains(ANY_IMAGE) && type.essence().startsWith("image/"));
  }
}
