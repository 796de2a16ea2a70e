package io.sallyport.dialect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts texts together that a graph puts together, so that a word that is split over nodes is judged
 * as the word. Belongs to one thread.
 *
 * <p>Any node may put the texts together that it is given, unless its class is known to hand no
 * text on; in which order is its class's business, see {@link GraphOrders}. What is put together
 * goes on to the next node, in every order, and is judged where it ends. Where it grows long it is
 * judged at once, and only its beginning and end go on: a word is split at the seams.
 */
final class GraphJoins {
  /** Orders in which one node's texts are put together. */
  private static final int ORDERS_MAX = 16;

  /** UTF-16 units of the beginning, and of the end, of a long text that goes on. */
  private static final int EDGE = 512;

  private final Graph graph;
  private final GraphRules rules;
  private final GraphRoles roles;
  private final TextPart.Role role;
  private final int charsMax;
  private final Map<String, Made> known = new HashMap<>();
  private final List<Joined> found = new ArrayList<>();
  private long room;

  /**
   * @param role of the texts that are put together: negative ones only with their like
   */
  GraphJoins(
      Graph graph, GraphRules rules, GraphRoles roles, TextPart.Role role, ReadLimits limits) {
    this.graph = graph;
    this.rules = rules;
    this.roles = roles;
    this.role = role;
    this.charsMax = limits.textChars();
    this.room = 8L * limits.allTextChars();
  }

  /**
   * Texts of several inputs as one.
   *
   * @param node where they are put together
   * @param texts in every order, the usual one first
   */
  record Joined(String node, List<String> texts) {}

  /**
   * What a node may make of its texts.
   *
   * @param texts none when it is given none
   * @param judged true when they need not be judged where they end
   */
  private record Made(List<String> texts, boolean judged) {
    static final Made NOTHING = new Made(List.of(), true);
  }

  /**
   * What is put together anywhere.
   *
   * @throws UnreadableException when texts run in a circle, or make more text than is judged
   */
  List<Joined> all() {
    Map<String, Integer> missing = new HashMap<>();
    Deque<Graph.Node> ready = new ArrayDeque<>();
    for (Graph.Node node : graph.nodes()) {
      int open = (int) node.pieces().stream().filter(this::bringsText).count();
      missing.put(node.id(), open);
      if (open == 0) {
        ready.add(node);
      }
    }
    while (!ready.isEmpty()) {
      Graph.Node node = ready.remove();
      known.put(node.id(), put(node));
      for (Graph.Link link : graph.leaving(node.id())) {
        if (bringsText(link) && missing.merge(link.node(), -1, Integer::sum) == 0) {
          graph.node(link.node()).ifPresent(ready::add);
        }
      }
    }
    if (known.size() < graph.nodes().size()) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
    return found;
  }

  private boolean bringsText(Graph.Piece piece) {
    return piece instanceof Graph.Link link
        && graph.node(link.from()).filter(from -> !rules.endsTexts(from.type())).isPresent();
  }

  private Made put(Graph.Node node) {
    List<GraphOrders.Piece> pieces = new ArrayList<>();
    boolean judged = true;
    for (Graph.Piece piece : node.pieces()) {
      Made made = made(node, piece);
      if (!made.texts().isEmpty()) {
        pieces.add(new GraphOrders.Piece(piece.input(), made.texts()));
        judged &= made.judged();
      }
    }
    if (pieces.isEmpty()) {
      return Made.NOTHING;
    }
    List<String> texts =
        pieces.size() == 1 ? pieces.getFirst().texts() : joined(new GraphOrders(pieces));
    boolean ends = rules.endsTexts(node.type()) || graph.leaving(node.id()).isEmpty();
    boolean whole = texts.stream().allMatch(text -> text.length() <= 2 * EDGE);
    judged &= pieces.size() == 1;
    if (!judged && (ends || !whole)) {
      found.add(new Joined(node.id(), texts));
      judged = true;
    }
    return new Made(texts.stream().map(GraphJoins::edges).distinct().toList(), judged);
  }

  private Made made(Graph.Node node, Graph.Piece piece) {
    return switch (piece) {
      case Graph.Text text ->
          text.value().isEmpty() || isPlain(node, text) || roles.of(text) != role
              ? Made.NOTHING
              : new Made(List.of(edges(text.value())), true);
      case Graph.Link link ->
          bringsText(link) ? known.getOrDefault(link.from(), Made.NOTHING) : Made.NOTHING;
    };
  }

  private boolean isPlain(Graph.Node node, Graph.Text text) {
    return !rules.encodes(node.type()) && rules.isPlain(text.input(), text.value());
  }

  private List<String> joined(GraphOrders orders) {
    Set<String> made = new LinkedHashSet<>();
    for (List<String> pieces : orders.always()) {
      if (length(pieces) > Math.min(charsMax, room)) {
        throw new UnreadableException(Defect.TEXT_TOO_LONG);
      }
      add(pieces, made);
    }
    long left = charsMax - length(made);
    for (List<String> pieces : orders.further(ORDERS_MAX)) {
      long length = length(pieces);
      if (made.size() < ORDERS_MAX && length <= Math.min(left, room) && add(pieces, made)) {
        left -= length;
      }
    }
    return List.copyOf(made);
  }

  private boolean add(List<String> pieces, Set<String> made) {
    String text = String.join("", pieces);
    room -= text.length();
    return made.add(text);
  }

  private static long length(Iterable<String> texts) {
    long length = 0;
    for (String text : texts) {
      length += text.length();
    }
    return length;
  }

  /** All of a short text; the beginning and the end of a long one, apart. */
  private static String edges(String text) {
    return text.length() <= 2 * EDGE
        ? text
        : text.substring(0, EDGE) + "\n" + text.substring(text.length() - EDGE);
  }
}
