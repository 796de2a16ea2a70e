package io.sallyport.detect.image.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffHeapTest {
  private final OffHeap memory = new OffHeap();

  @Test
  void aBlockIsUsedAgain() {
    long first;
    try (OffHeap.Lease lease = memory.lease(1000)) {
      first = lease.head(1000).address();
    }
    assertThat(memory.idleBlocks()).isEqualTo(1);
    try (OffHeap.Lease lease = memory.lease(100_000)) {
      assertThat(lease.head(100_000).address()).isEqualTo(first);
      assertThat(memory.idleBlocks()).isZero();
    }
  }

  @Test
  void aBlockThatIsTooSmallIsReplaced() {
    memory.lease(1000).close();
    try (OffHeap.Lease lease = memory.lease(3 << 20)) {
      assertThat(lease.head(3 << 20).byteSize()).isEqualTo(3 << 20);
    }
    assertThat(memory.idleBlocks()).isEqualTo(1);
  }

  @Test
  void aLargeBlockIsGivenBackAtOnce() {
    MemorySegment all;
    try (OffHeap.Lease lease = memory.lease(OffHeap.KEPT + 1)) {
      all = lease.head(OffHeap.KEPT + 1);
      all.set(ValueLayout.JAVA_BYTE, OffHeap.KEPT, (byte) 1);
    }
    assertThat(memory.idleBlocks()).isZero();
    assertThatThrownBy(() -> all.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void idleBlocksAreBounded() {
    List<OffHeap.Lease> leases = new ArrayList<>();
    int processors = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < processors + 3; i++) {
      leases.add(memory.lease(10));
    }
    leases.forEach(OffHeap.Lease::close);
    assertThat(memory.idleBlocks()).isEqualTo(processors);
  }

  @Test
  void twoPartsDoNotOverlapAndFitTheirRoom() {
    long room = OffHeap.room(1_048_000, 700);
    try (OffHeap.Lease lease = memory.lease(room)) {
      MemorySegment head = lease.head(1_048_000);
      MemorySegment behind = lease.behind(1_048_000, 700);
      assertThat(head.asOverlappingSlice(behind)).isEmpty();
      assertThat(behind.address() % 64).isZero();
    }
    try (OffHeap.Lease lease = memory.lease(1)) {
      assertThatThrownBy(() -> lease.behind(0, 3 << 20))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
