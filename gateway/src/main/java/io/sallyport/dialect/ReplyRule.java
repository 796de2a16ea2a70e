package io.sallyport.dialect;

import io.sallyport.fetch.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one kind of reply may hold.
 *
 * @param statuses as written: {@code 2xx} or {@code 200}
 * @param types media types: JSON, text, an archive, {@code image/png} or {@link #IMAGE}
 * @param bytesMax the longest body
 * @param anyUrl true when every unclaimed URL is refused, false when only those of images are
 * @param fetch whose images are fetched, beside the operator's hosts; empty when URLs are refused
 * @param raw true when the whole body is one image
 * @param imagesMin how many images it must hold
 * @param claims what is claimed
 * @param automaton made of the claims
 * @param events what a stream of events may consist of; empty when the reply is no stream
 */
record ReplyRule(
    List<String> statuses,
    Set<String> types,
    int bytesMax,
    boolean anyUrl,
    Optional<List<HostPattern>> fetch,
    boolean raw,
    int imagesMin,
    List<AutomatonBuilder.Rule> claims,
    Automaton automaton,
    Optional<EventRules> events) {
  /** Every type of image: the whole body is one. */
  static final String IMAGE = "image/*";

  ReplyRule {
    statuses = List.copyOf(statuses);
    types = Set.copyOf(types);
    claims = List.copyOf(claims);
  }

  /**
   * The same with claims that go before its own; empty when they are too many together. Only JSON
   * of success has any.
   */
  Optional<ReplyRule> with(List<AutomatonBuilder.Rule> first) {
    boolean json =
        types.contains("application/json") && statuses.stream().anyMatch(it -> it.startsWith("2"));
    if (first.isEmpty() || !json) {
      return Optional.of(this);
    }
    List<AutomatonBuilder.Rule> all = new ArrayList<>(first);
    all.addAll(claims);
    return AutomatonBuilder.build(all)
        .map(
            built ->
                new ReplyRule(
                    statuses, types, bytesMax, anyUrl, fetch, raw, imagesMin, all, built, events));
  }

  boolean claims(MediaType type) {
    return types.contains(type.essence()) || (type.image() && types.contains(IMAGE));
  }

  /** Whether the body is an image or an archive of some, or images behind URLs come with it. */
  boolean bringsImages() {
    return raw || types.contains(ZipReply.ESSENCE) || fetch.isPresent();
  }

  boolean claims(int status) {
    String digits = Integer.toString(status);
    return statuses.contains(digits) || statuses.contains(digits.charAt(0) + "xx");
  }
}
