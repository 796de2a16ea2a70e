package io.sallyport.dialect;

import java.util.List;

/**
 * What one route's request may hold.
 *
 * @param automaton what is claimed
 * @param required the texts without which there is nothing to judge
 * @param denied pieces of text that make a server read more out of a prompt than is judged here
 */
record RequestRules(Automaton automaton, List<Claim.Text> required, List<String> denied) {
  RequestRules {
    required = List.copyOf(required);
    denied = List.copyOf(denied);
  }
}
