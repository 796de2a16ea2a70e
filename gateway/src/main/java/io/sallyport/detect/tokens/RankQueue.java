package io.sallyport.detect.tokens;

import java.util.Arrays;

/** Pairs that wait to be merged: lowest rank first, then leftmost. A binary heap of longs. */
final class RankQueue {
  private long[] heap = new long[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Both 0 or more. */
  void add(int rank, int place) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    long added = (long) rank << 32 | place;
    int at = size++;
    while (at > 0 && heap[(at - 1) / 2] > added) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = added;
  }

  /** Takes the first one out; there must be one. */
  long poll() {
    long first = heap[0];
    long moved = heap[--size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= moved) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
    return first;
  }

  static int rank(long entry) {
    return (int) (entry >>> 32);
  }

  static int place(long entry) {
    return (int) entry;
  }
}
