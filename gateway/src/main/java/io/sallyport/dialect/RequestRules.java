package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/**
 * What one route's request may hold.
 *
 * @param head what is claimed before the body
 * @param automaton what is claimed
 * @param required the texts without which there is nothing to judge
 * @param denied pieces of text that make a server read more out of a prompt than is judged here
 * @param mute true when a body must hold nothing to judge
 * @param codec how a body is read whose head says that it is not JSON alone
 * @param graph what is said of nodes, when the body is a graph; then the automaton is not asked
 * @param namesFiles whether it is known how files are named
 */
record RequestRules(
    HeadRules head,
    Automaton automaton,
    List<Claim.Text> required,
    List<String> denied,
    boolean mute,
    Optional<Codec> codec,
    Optional<GraphRules> graph,
    boolean namesFiles) {
  RequestRules {
    required = List.copyOf(required);
    denied = List.copyOf(denied);
  }
}
