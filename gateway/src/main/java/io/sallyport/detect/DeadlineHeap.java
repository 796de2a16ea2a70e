package io.sallyport.detect;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap by when items are due, whose items know their place, so that any of them can be
 * taken out in logarithmic time. Allocates when it grows, else never. Not safe for concurrent use.
 */
final class DeadlineHeap<T extends Timed> {
  /** The place of an item that is in no heap. */
  static final int NOWHERE = -1;

  private @Nullable Timed[] items = new Timed[8];
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(T item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    rise(size++, item);
  }

  /** The item that is due first, which stays. */
  @Nullable T peek() {
    return size == 0 ? null : at(0);
  }

  /** Takes the item that is due first. */
  @Nullable T poll() {
    T first = peek();
    if (first != null) {
      remove(first);
    }
    return first;
  }

  /** Takes an item out; nothing happens when it is in no heap. */
  void remove(T item) {
    int hole = item.place;
    if (hole == NOWHERE) {
      return;
    }
    item.place = NOWHERE;
    T last = at(--size);
    items[size] = null;
    if (hole < size) {
      sink(hole, last);
      if (last.place == hole) {
        rise(hole, last);
      }
    }
  }

  /** The item that is due last. Looks at the leaves: half of the items. */
  @Nullable T latest() {
    T latest = null;
    for (int i = size / 2; i < size; i++) {
      T item = at(i);
      if (latest == null || latest.before(item)) {
        latest = item;
      }
    }
    return latest;
  }

  /** Every item, in no order; the heap must not change meanwhile. */
  void forEach(Consumer<? super T> action) {
    for (int i = 0; i < size; i++) {
      action.accept(at(i));
    }
  }

  private void rise(int hole, Timed item) {
    int at = hole;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      Timed above = at(parent);
      if (!item.before(above)) {
        break;
      }
      put(at, above);
      at = parent;
    }
    put(at, item);
  }

  private void sink(int hole, Timed item) {
    int at = hole;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && at(child + 1).before(at(child))) {
        child++;
      }
      Timed below = at(child);
      if (!below.before(item)) {
        break;
      }
      put(at, below);
      at = child;
    }
    put(at, item);
  }

  private void put(int at, Timed item) {
    items[at] = item;
    item.place = at;
  }

  @SuppressWarnings("unchecked") // Only add() puts items in, and it takes a T.
  private T at(int index) {
    Timed item = items[index];
    if (item == null) {
      throw new IllegalStateException("a hole in the heap");
    }
    return (T) item;
  }
}
