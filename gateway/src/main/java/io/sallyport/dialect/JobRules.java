package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/**
 * What a route says about jobs.
 *
 * @param named true when the reply must name the job that it began
 * @param deferred true when a refusal is told to whoever asks for the job, not to who submits it
 * @param refused what is answered here about a job that was refused; empty for the dialect's own
 *     refusal of a request
 * @param reply what is claimed of replies: the id, and URLs that are written anew
 * @param items of a list of everybody's jobs, which are the caller's
 */
record JobRules(
    boolean named,
    boolean deferred,
    Optional<Block> refused,
    List<AutomatonBuilder.Rule> reply,
    Optional<OwnItems> items) {
  JobRules {
    reply = List.copyOf(reply);
  }

  boolean edits() {
    return reply.stream().anyMatch(rule -> rule.claim() instanceof Claim.Address);
  }
}
