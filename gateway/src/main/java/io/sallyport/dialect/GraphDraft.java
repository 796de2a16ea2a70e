package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a graph while it is read: which of its arrays are links is known only when all nodes
 * are. Belongs to one thread.
 */
final class GraphDraft {
  /** What widgets become when people make inputs of them: nothing is reckoned in them. */
  private static final String PRIMITIVE = "Primitive";

  private static final String VALUE = "value";

  private final String id;
  private final String where;
  private final List<Given> given = new ArrayList<>();
  private final List<String> guides = new ArrayList<>();
  private String type = "";
  private Optional<String> number = Optional.empty();
  private boolean pictured;

  /**
   * What the node is given.
   *
   * @param link when it may be one; it is if there is a node of that id
   * @param text what it is else
   */
  private record Given(Optional<Graph.Link> link, Graph.Text text) {}

  /**
   * @param where the node's JSON Pointer
   */
  GraphDraft(String id, String where) {
    this.id = id;
    this.where = where;
  }

  String type() {
    return type;
  }

  void type(String name) {
    type = name;
  }

  String where() {
    return where;
  }

  /** Whether it is given an image. */
  boolean pictured() {
    return pictured;
  }

  void picture() {
    pictured = true;
  }

  void text(String input, String name, String value, String at) {
    given.add(new Given(Optional.empty(), new Graph.Text(id, input, name, value, at)));
  }

  /**
   * Notes what may be a link.
   *
   * @param from the id of another node, if there is one
   */
  void link(String input, String from, int slot, String at) {
    given.add(
        new Given(
            Optional.of(new Graph.Link(id, input, from, slot)),
            new Graph.Text(id, input, input, from, at)));
    if (Guidance.isNamed(input)) {
      guides.add(from);
    }
  }

  void number(String input, String spelled) {
    if (input.equals(VALUE)) {
      number = Optional.of(spelled);
    }
  }

  /**
   * Whether the guidance may show what negative texts say, for all that the graph tells: what nodes
   * reckon is not known.
   *
   * @param all every node by its id
   */
  boolean mayShowNegative(Map<String, GraphDraft> all) {
    return guides.stream()
        .map(all::get)
        .anyMatch(
            from ->
                from == null
                    || !from.type.startsWith(PRIMITIVE)
                    || from.number.map(Guidance::shows).orElse(true));
  }

  /**
   * The node.
   *
   * @param all every node by its id
   */
  Graph.Node node(Map<String, GraphDraft> all) {
    List<Graph.Piece> pieces = new ArrayList<>();
    for (Given one : given) {
      pieces.add(
          one.link()
              .filter(link -> all.containsKey(link.from()))
              .<Graph.Piece>map(link -> link)
              .orElse(one.text()));
    }
    return new Graph.Node(id, type, pieces, where);
  }
}
