package io.sallyport.detect.text;

import java.util.Arrays;

/**
 * A set of strings as a tree of characters, each string with a number.
 *
 * <p>All edges live in one open-addressing table keyed by node and character: compact, and one
 * probe per step wherever the tree is wide. Filled by one thread; once published through a final
 * field it is only read, on every thread.
 */
public final class Trie {
  /** The node of the empty string. */
  public static final int ROOT = 0;

  /** No node, or no value. */
  public static final int NONE = -1;

  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[1 << 10];
  private int[] targets = new int[1 << 10];
  private int[] values = new int[1 << 9];
  private int nodes = 1;

  /** An empty tree. */
  public Trie() {
    Arrays.fill(values, NONE);
  }

  /** Number of nodes; every node is below it, and a child is always above its parent. */
  int nodes() {
    return nodes;
  }

  /** The node reached from {@code node} over {@code c}, or {@link #NONE}. */
  public int child(int node, char c) {
    long key = key(node, c);
    int mask = keys.length - 1;
    int slot = slot(key);
    while (keys[slot] != 0) {
      if (keys[slot] == key) {
        return targets[slot];
      }
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  /** The number given to the string that ends at {@code node}, or {@link #NONE}. */
  public int value(int node) {
    return values[node];
  }

  /**
   * Adds a string; one that is there already keeps its number.
   *
   * @param value 0 or more
   * @return the number that the string now has
   */
  public int add(CharSequence string, int value) {
    int node = ROOT;
    for (int i = 0; i < string.length(); i++) {
      int child = child(node, string.charAt(i));
      node = child == NONE ? grow(node, string.charAt(i)) : child;
    }
    if (values[node] == NONE) {
      values[node] = value;
    }
    return values[node];
  }

  /** Shows every edge once, in no particular order. */
  void edges(EdgeVisitor visitor) {
    for (int slot = 0; slot < keys.length; slot++) {
      if (keys[slot] != 0) {
        long key = keys[slot] - 1;
        visitor.edge((int) (key >>> 16), (char) key, targets[slot]);
      }
    }
  }

  /** Sees one edge. */
  @FunctionalInterface
  interface EdgeVisitor {
    void edge(int parent, char c, int child);
  }

  private int grow(int parent, char c) {
    if (nodes == values.length) {
      values = Arrays.copyOf(values, nodes * 2);
      Arrays.fill(values, nodes, nodes * 2, NONE);
    }
    if (nodes * 2 > keys.length) {
      rehash();
    }
    put(key(parent, c), nodes);
    return nodes++;
  }

  private void rehash() {
    long[] oldKeys = keys;
    int[] oldTargets = targets;
    keys = new long[oldKeys.length * 2];
    targets = new int[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        put(oldKeys[i], oldTargets[i]);
      }
    }
  }

  private void put(long key, int target) {
    int slot = slot(key);
    while (keys[slot] != 0) {
      slot = (slot + 1) & (keys.length - 1);
    }
    keys[slot] = key;
    targets[slot] = target;
  }

  /** Never 0, which marks a free slot. */
  private static long key(int node, char c) {
    return (((long) node << 16) | c) + 1;
  }

  private int slot(long key) {
    return (int) ((key * GOLDEN_RATIO) >>> (64 - Integer.numberOfTrailingZeros(keys.length)));
  }
}
