package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Member names by their bytes, looked up in a body without building a String. */
final class NameTable {
  private final byte[][] names;
  private final int[] slots;
  private final int longest;

  /** Each name once; its id is its index. */
  NameTable(List<String> names) {
    this.names = names.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.slots = new int[Integer.highestOneBit(Math.max(1, names.size())) * 4];
    int most = 0;
    for (int id = 0; id < this.names.length; id++) {
      byte[] name = this.names[id];
      int slot = hash(name, 0, name.length);
      while (slots[slot] != 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = id + 1;
      most = Math.max(most, name.length);
    }
    this.longest = most;
  }

  /** The id of the name that these bytes spell, or -1. */
  int find(byte[] body, int start, int end) {
    if (end - start > longest) {
      return -1;
    }
    int slot = hash(body, start, end);
    while (slots[slot] != 0) {
      byte[] name = names[slots[slot] - 1];
      if (Arrays.equals(name, 0, name.length, body, start, end)) {
        return slots[slot] - 1;
      }
      slot = slot + 1 & slots.length - 1;
    }
    return -1;
  }

  private int hash(byte[] body, int start, int end) {
    int hash = end - start;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + body[i];
    }
    return (hash ^ hash >>> 15) & slots.length - 1;
  }
}
