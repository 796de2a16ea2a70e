package io.sallyport.detect.tokens;

/**
 * Pairs of tokens with their rank and what they become, in one open-addressing table. Filled by one
 * thread; once published through a final field it is only read, on every thread.
 */
final class MergeTable {
  /** No such pair. */
  static final int NONE = -1;

  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private final long[] keys;
  private final int[] ranks;
  private final int[] made;

  /** A table for that many pairs. */
  MergeTable(int pairs) {
    int slots = Integer.highestOneBit(Math.max(8, pairs)) << 2;
    this.keys = new long[slots];
    this.ranks = new int[slots];
    this.made = new int[slots];
  }

  /** Adds a pair; of two ranks for one pair the later one counts, as in the reference. */
  void put(int left, int right, int rank, int becomes) {
    int slot = slot(key(left, right));
    keys[slot] = key(left, right);
    ranks[slot] = rank;
    made[slot] = becomes;
  }

  /** Where the pair is, or {@link #NONE}. */
  int find(int left, int right) {
    int slot = slot(key(left, right));
    return keys[slot] == 0 ? NONE : slot;
  }

  /** Of two pairs, the one of lower rank is merged first. */
  int rank(int found) {
    return ranks[found];
  }

  /** The token that the pair becomes. */
  int made(int found) {
    return made[found];
  }

  /** Never 0, which marks a free slot. */
  private static long key(int left, int right) {
    return (((long) left << 32) | right) + 1;
  }

  /** The key's slot, or the free one where it would be. */
  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * GOLDEN_RATIO) >>> (64 - Integer.numberOfTrailingZeros(keys.length)));
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
