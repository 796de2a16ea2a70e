package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph of nodes that a server executes: what each is given, as texts and as links from others.
 * Numbers and the like are left out. Belongs to one thread while it is built; then nobody changes
 * it.
 */
final class Graph {
  /** A slot that may be any: servers count negative ones from the end. */
  static final int ANY_SLOT = -1;

  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, List<Link>> leaving = new HashMap<>();

  /** What a node is given at one of its inputs. */
  sealed interface Piece {
    /** The id of the node that is given it. */
    String node();

    /** The name of the input. */
    String input();
  }

  /**
   * A text.
   *
   * @param name of the member next to it: the input's, or one within what the input is given
   * @param where its JSON Pointer, for the record
   */
  record Text(String node, String input, String name, String value, String where) implements Piece {
    /** Content never reaches a log by accident. */
    @Override
    public String toString() {
      return "Text[" + where + "]";
    }
  }

  /**
   * What another node makes.
   *
   * @param from the id of the other node, which there is
   * @param slot which of the things that it makes, from 0 on; or {@link #ANY_SLOT}
   */
  record Link(String node, String input, String from, int slot) implements Piece {}

  /**
   * A node.
   *
   * @param type the name of its class; empty when it has none
   * @param pieces in the order of the body
   * @param where its JSON Pointer, for the record
   */
  record Node(String id, String type, List<Piece> pieces, String where) {
    Node {
      pieces = List.copyOf(pieces);
    }
  }

  void add(Node node) {
    nodes.put(node.id(), node);
    for (Piece piece : node.pieces()) {
      if (piece instanceof Link link) {
        leaving.computeIfAbsent(link.from(), id -> new ArrayList<>()).add(link);
      }
    }
  }

  /** Every node, in the order of the body. */
  Collection<Node> nodes() {
    return nodes.values();
  }

  Optional<Node> node(String id) {
    return Optional.ofNullable(nodes.get(id));
  }

  /** Where goes what a node makes. */
  List<Link> leaving(String id) {
    return leaving.getOrDefault(id, List.of());
  }
}
