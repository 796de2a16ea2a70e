package io.sallyport.detect.text;

import java.util.Arrays;
import java.util.List;

/**
 * Finds which of many patterns occur in a text, in one pass (Aho and Corasick, 1975).
 *
 * <p>Whole words are not its business: a pattern that begins and ends with a space, over a text as
 * {@link Words} writes it, is one. Time is linear in the text, whatever the number of patterns and
 * matches: a pattern that was reported is not reported again, and neither are those at its end.
 * Immutable, safe on every thread.
 */
final class TermAutomaton {
  private final Trie patterns = new Trie();

  /** For each node, the longest other node that is an ending of it. */
  private final int[] fallback;

  /** For each node, the nearest ending of it, itself excluded, that is a pattern; 0 when none. */
  private final int[] shorter;

  private final int size;

  /**
   * @param patterns distinct, none empty; a pattern's index is its number
   */
  TermAutomaton(List<String> patterns) {
    this.size = patterns.size();
    for (int i = 0; i < size; i++) {
      if (patterns.get(i).isEmpty() || this.patterns.add(patterns.get(i), i) != i) {
        throw new IllegalArgumentException("empty or repeated pattern");
      }
    }
    this.fallback = new int[this.patterns.nodes()];
    this.shorter = new int[this.patterns.nodes()];
    link();
  }

  /** Number of patterns. */
  int size() {
    return size;
  }

  /** Number of states, for those who watch memory: about 50 bytes each. */
  int states() {
    return patterns.nodes();
  }

  /** Room for the marks of one scan. */
  long[] marks() {
    return new long[(size + 63) / 64];
  }

  /**
   * Marks every pattern that occurs in {@code text[0..length)}.
   *
   * @param marks of this automaton; bits that are set stay set
   */
  void scan(char[] text, int length, long[] marks) {
    int state = Trie.ROOT;
    for (int i = 0; i < length; i++) {
      state = next(state, text[i]);
      mark(state, marks);
    }
  }

  private void mark(int state, long[] marks) {
    int node = patterns.value(state) == Trie.NONE ? shorter[state] : state;
    while (node != Trie.ROOT) {
      int pattern = patterns.value(node);
      long bit = 1L << pattern;
      if ((marks[pattern >> 6] & bit) != 0) {
        return;
      }
      marks[pattern >> 6] |= bit;
      node = shorter[node];
    }
  }

  private int next(int from, char c) {
    int state = from;
    int child = patterns.child(state, c);
    while (child == Trie.NONE && state != Trie.ROOT) {
      state = fallback[state];
      child = patterns.child(state, c);
    }
    return child == Trie.NONE ? Trie.ROOT : child;
  }

  /** Breadth first, so that a node's endings, which are shorter, are linked before it. */
  private void link() {
    int nodes = patterns.nodes();
    int[] parent = new int[nodes];
    char[] letter = new char[nodes];
    int[] depth = new int[nodes];
    patterns.edges(
        (from, c, child) -> {
          parent[child] = from;
          letter[child] = c;
        });
    int deepest = 0;
    for (int node = 1; node < nodes; node++) {
      depth[node] = depth[parent[node]] + 1; // a parent's number is smaller
      deepest = Math.max(deepest, depth[node]);
    }
    for (int node : byDepth(depth, deepest)) {
      if (depth[node] > 1) {
        fallback[node] = next(fallback[parent[node]], letter[node]);
      }
      int ending = fallback[node];
      shorter[node] = patterns.value(ending) == Trie.NONE ? shorter[ending] : ending;
    }
  }

  private static int[] byDepth(int[] depth, int deepest) {
    int[] start = new int[deepest + 2];
    for (int d : depth) {
      start[d + 1]++;
    }
    for (int d = 1; d < start.length; d++) {
      start[d] += start[d - 1];
    }
    int[] order = new int[depth.length];
    for (int node = 0; node < depth.length; node++) {
      order[start[depth[node]]++] = node;
    }
    return Arrays.copyOfRange(order, 1, order.length);
  }
}
