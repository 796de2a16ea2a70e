package io.sallyport.dialect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds out what the texts of a graph do, by following them forward: what reaches an input named
 * {@code negative}, and nothing else, says what not to make. All else is a prompt. Belongs to one
 * thread.
 *
 * <p>A text must not be taken for a negative one by mistake, so every way that it may take counts:
 * one that ends anywhere else makes it a prompt, and so does one that goes on behind {@code
 * negative} other than as a picture does. Links and names of inputs are the client's, and a server
 * leaves out what its node does not know: what they say only ever makes more of a prompt. Classes
 * are the server's.
 */
final class GraphRoles {
  private static final Pattern NEGATIVE =
      Pattern.compile("negative|negative_(prompt|conditioning)|(text|prompt)_negative");

  private static final Pattern POSITIVE =
      Pattern.compile("positive|positive_(prompt|conditioning)|(text|prompt)_positive");

  /** Where pictures, latents and guiders go: what a sampler makes of a negative text. */
  private static final Pattern BEHIND =
      Pattern.compile(
          "guider|(optional_|base_|first_|last_|start_|end_|destination_|source_)?"
              + "(samples|latents?|latent_image|images?|pixels|frames|video|audio|mask)"
              + "(_?(to|from|[0-9]{1,3}|[a-z]))?|destination|source");

  private final Graph graph;
  private final GraphRules rules;
  private final Map<Place, TextPart.Role> known = new HashMap<>();

  GraphRoles(Graph graph, GraphRules rules) {
    this.graph = graph;
    this.rules = rules;
  }

  /** An input of a node. */
  private record Place(String node, String input) {}

  /**
   * An input that a text arrives at.
   *
   * @param behind true when it has come through an input named {@code negative}
   */
  private record Step(Place place, boolean behind) {}

  TextPart.Role of(Graph.Text text) {
    return known.computeIfAbsent(
        new Place(text.node(), text.input()),
        place -> onlyNegative(place) ? TextPart.Role.NEGATIVE : TextPart.Role.POSITIVE);
  }

  private boolean onlyNegative(Place from) {
    Set<Step> met = new HashSet<>();
    Deque<Step> ahead = new ArrayDeque<>();
    ahead.add(new Step(from, false));
    boolean negative = false;
    while (!ahead.isEmpty()) {
      Step step = ahead.remove();
      if (!met.add(step)) {
        continue;
      }
      String input = step.place().input();
      boolean enters = NEGATIVE.matcher(input).matches();
      boolean astray = step.behind() && !enters && !BEHIND.matcher(input).matches();
      if (astray || POSITIVE.matcher(input).matches()) {
        return false;
      }
      negative |= enters;
      boolean behind = step.behind() || enters;
      List<Graph.Link> links = graph.leaving(step.place().node());
      if (links.isEmpty() && !behind) {
        return false;
      }
      for (Graph.Link link : links) {
        if (!enters || mayCarryNegative(link)) {
          ahead.add(new Step(new Place(link.node(), link.input()), behind));
        }
      }
    }
    return negative;
  }

  private boolean mayCarryNegative(Graph.Link link) {
    Optional<Integer> slot =
        graph.node(link.from()).flatMap(node -> rules.negativeSlot(node.type()));
    return slot.isEmpty() || link.slot() == Graph.ANY_SLOT || link.slot() == slot.get();
  }
}
