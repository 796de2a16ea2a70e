package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The orders in which a node may put together what it is given.
 *
 * <p>The usual one is that of the inputs' names ({@code string_a} before {@code string_b}, {@code
 * text_2} before {@code text_10}), with what is named a delimiter between each two. Pure.
 */
final class GraphOrders {
  /** Of so many pieces every order is tried: six. */
  private static final int ALL_ORDERS = 3;

  private static final Pattern DELIMITER = Pattern.compile("(?i).*(delim|separat|glue|join).*|sep");

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  private final List<Piece> pieces;
  private final List<Piece> delimiters;
  private final List<List<Piece>> orders;

  /**
   * What stands at one input.
   *
   * @param texts the readings of it, at least one
   */
  record Piece(String input, List<String> texts) {
    Piece {
      texts = List.copyOf(texts);
    }

    private String reading(int n) {
      return texts.get(Math.min(n, texts.size() - 1));
    }
  }

  /**
   * @param pieces at least one, in the order of the body
   */
  GraphOrders(List<Piece> pieces) {
    List<Piece> between = pieces.stream().filter(GraphOrders::delimits).toList();
    boolean apart = pieces.size() - between.size() > 1;
    this.delimiters = apart ? between : List.of();
    this.pieces = apart ? pieces.stream().filter(it -> !delimits(it)).toList() : pieces;
    List<Piece> byName = new ArrayList<>(this.pieces);
    byName.sort(Comparator.comparing(piece -> sortable(piece.input())));
    this.orders = orders(this.pieces, byName);
  }

  /** The usual order and its reverse, each of the like readings. */
  List<List<String>> always() {
    return List.of(spelled(orders.getFirst(), 0), spelled(orders.get(1), 1));
  }

  /** Other orders and readings, the likelier first, so many at most. */
  List<List<String>> further(int most) {
    Set<List<String>> all = new LinkedHashSet<>();
    int readings = pieces.stream().mapToInt(piece -> piece.texts().size()).max().orElse(1);
    for (List<Piece> order : orders) {
      for (int n = 0; n < readings; n++) {
        all.add(spelled(order, n));
      }
    }
    for (List<Piece> order : orders) {
      mix(order, 0, new ArrayList<>(), all, most * orders.size());
    }
    if (!delimiters.isEmpty()) {
      orders.forEach(order -> all.add(order.stream().map(piece -> piece.reading(0)).toList()));
    }
    return all.stream().limit((long) most * 4).toList();
  }

  /** Every reading of each with every reading of the others. */
  private void mix(List<Piece> order, int at, List<String> begun, Set<List<String>> all, int most) {
    if (all.size() >= most) {
      return;
    }
    if (at == order.size()) {
      all.add(delimited(begun));
      return;
    }
    for (String reading : order.get(at).texts()) {
      begun.add(reading);
      mix(order, at + 1, begun, all, most);
      begun.removeLast();
    }
  }

  private List<String> spelled(List<Piece> order, int reading) {
    return delimited(order.stream().map(piece -> piece.reading(reading)).toList());
  }

  private List<String> delimited(List<String> texts) {
    List<String> all = new ArrayList<>();
    for (String text : texts) {
      if (!all.isEmpty()) {
        delimiters.forEach(delimiter -> all.add(delimiter.reading(0)));
      }
      all.add(text);
    }
    return all;
  }

  private static List<List<Piece>> orders(List<Piece> asGiven, List<Piece> byName) {
    List<List<Piece>> orders = new ArrayList<>();
    orders.add(byName);
    orders.add(byName.reversed());
    if (byName.size() <= ALL_ORDERS) {
      permute(byName, new ArrayList<>(), orders);
    } else {
      orders.add(asGiven);
      orders.add(asGiven.reversed());
    }
    return orders;
  }

  private static void permute(List<Piece> rest, List<Piece> begun, List<List<Piece>> orders) {
    if (rest.isEmpty()) {
      orders.add(List.copyOf(begun));
      return;
    }
    for (int i = 0; i < rest.size(); i++) {
      List<Piece> others = new ArrayList<>(rest);
      begun.add(others.remove(i));
      permute(others, begun, orders);
      begun.removeLast();
    }
  }

  private static boolean delimits(Piece piece) {
    return DELIMITER.matcher(piece.input()).matches();
  }

  /** The name with its numbers as wide as the widest, so that 2 comes before 10. */
  private static String sortable(String name) {
    return DIGITS
        .matcher(name.toLowerCase(Locale.ROOT))
        .replaceAll(digits -> Matcher.quoteReplacement(wide(digits.group())));
  }

  private static String wide(String digits) {
    return String.join("", Collections.nCopies(9 - digits.length(), "0")) + digits;
  }
}
