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
  private final Map<String, Way> ways = new HashMap<>();
  private final Map<Place, TextPart.Role> known = new HashMap<>();

  GraphRoles(Graph graph) {
    this.graph = graph;
  }

  /** What the name of an input says. */
  private enum Way {
    POSITIVE,
    NEGATIVE,
    /** A picture goes there. */
    PICTURE,
    ANY
  }

  private record Place(String node, Way way) {}

  /**
   * A node that a text has come to.
   *
   * @param behind true when it has come through an input named {@code negative}
   * @param entered true when that was this node's
   */
  private record Step(String node, boolean behind, boolean entered) {}

  TextPart.Role of(Graph.Text text) {
    return known.computeIfAbsent(
        new Place(text.node(), way(text.input())),
        place -> onlyNegative(place) ? TextPart.Role.NEGATIVE : TextPart.Role.POSITIVE);
  }

  /** One step for each node, before and behind: however many texts and links there are. */
  private boolean onlyNegative(Place from) {
    if (from.way() == Way.POSITIVE) {
      return false;
    }
    boolean negative = from.way() == Way.NEGATIVE;
    Set<Step> met = new HashSet<>();
    Deque<Step> ahead = new ArrayDeque<>();
    ahead.add(new Step(from.node(), negative, negative));
    while (!ahead.isEmpty()) {
      Step step = ahead.remove();
      if (!met.add(step)) {
        continue;
      }
      List<Graph.Link> links = graph.leaving(step.node());
      if (links.isEmpty() && !step.behind()) {
        return false;
      }
      for (Graph.Link link : links) {
        if (step.entered() && !mayCarryNegative(link)) {
          continue;
        }
        Way way = way(link.input());
        boolean enters = way == Way.NEGATIVE;
        if (way == Way.POSITIVE || (step.behind() && way == Way.ANY)) {
          return false;
        }
        negative |= enters;
        ahead.add(new Step(link.node(), step.behind() || enters, enters));
      }
    }
    return negative;
  }

  private boolean mayCarryNegative(Graph.Link link) {
    Optional<Integer> slot = graph.node(link.from()).flatMap(node -> node.kind().negativeSlot());
    return slot.isEmpty() || link.slot() == Graph.ANY_SLOT || link.slot() == slot.get();
  }

  private Way way(String input) {
    return ways.computeIfAbsent(
        input,
        name ->
            NEGATIVE.matcher(name).matches()
                ? Way.NEGATIVE
                : POSITIVE.matcher(name).matches()
                    ? Way.POSITIVE
                    : BEHIND.matcher(name).matches() ? Way.PICTURE : Way.ANY);
  }
}
