package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineHeapTest {
  private static final class Item extends Timed {
    Item(long deadlineNanos, long order) {
      super(deadlineNanos);
      this.order = order;
    }

    @Override
    public String toString() {
      return deadlineNanos + "#" + order;
    }
  }

  private final DeadlineHeap<Item> heap = new DeadlineHeap<>();

  private List<Item> drain() {
    List<Item> all = new ArrayList<>();
    for (Item item = heap.poll(); item != null; item = heap.poll()) {
      all.add(item);
    }
    return all;
  }

  @Test
  void equalDeadlinesLeaveInTheOrderOfTheirAge() {
    Item younger = new Item(5, 2);
    Item older = new Item(5, 1);
    heap.add(younger);
    heap.add(older);
    assertThat(drain()).containsExactly(older, younger);
  }

  @Test
  void deadlinesAreComparedAcrossTheOverflowOfTheClock() {
    Item before = new Item(Long.MAX_VALUE - 1, 0);
    Item after = new Item(Long.MIN_VALUE + 1, 1);
    heap.add(after);
    heap.add(before);
    assertThat(drain()).containsExactly(before, after);
  }

  @Test
  void anItemThatIsInNoHeapIsRemovedWithoutHarm() {
    Item item = new Item(1, 0);
    heap.remove(item);
    heap.add(item);
    heap.remove(item);
    heap.remove(item);
    assertThat(heap.isEmpty()).isTrue();
    assertThat(heap.peek()).isNull();
    assertThat(heap.latest()).isNull();
  }

  /** Against a sorted list, through random additions and removals. */
  @ParameterizedTest
  @ValueSource(longs = {1, 20261122, 77})
  void behavesLikeASortedList(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Comparator<Item> byDeadline =
        Comparator.<Item>comparingLong(item -> item.deadlineNanos).thenComparing(i -> i.order);
    List<Item> model = new ArrayList<>();
    for (int step = 0; step < 5_000; step++) {
      if (model.isEmpty() || random.nextInt(5) < 3) {
        Item item = new Item(random.nextLong(40), step);
        heap.add(item);
        model.add(item);
      } else if (random.nextBoolean()) {
        assertThat(heap.poll()).isSameAs(model.removeFirst());
      } else {
        heap.remove(model.remove(random.nextInt(model.size())));
      }
      model.sort(byDeadline);
      assertThat(heap.size()).isEqualTo(model.size());
      assertThat(heap.peek()).isSameAs(model.isEmpty() ? null : model.getFirst());
      assertThat(heap.latest()).isSameAs(model.isEmpty() ? null : model.getLast());
    }
    Set<Item> seen = new HashSet<>();
    heap.forEach(seen::add);
    assertThat(seen).isEqualTo(new HashSet<>(model));
    assertThat(drain()).isEqualTo(model);
  }
}
