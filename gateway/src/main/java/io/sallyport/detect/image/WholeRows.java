package io.sallyport.detect.image;

import io.sallyport.detect.image.ffm.OffHeap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows that were inflated all at once, outside the heap. Whoever inflated them has checked that
 * they are as many bytes as the header calls for, and that nothing follows.
 */
final class WholeRows implements PngRows {
  private final MemorySegment raw;
  private final OffHeap.Lease lease;
  private final FrameBudget.Share share;
  private long position;

  /**
   * @param raw all rows, each behind its filter's byte
   * @param lease the memory that holds them, closed with the rows
   * @param share of the budget, closed with the rows
   */
  WholeRows(MemorySegment raw, OffHeap.Lease lease, FrameBudget.Share share) {
    this.raw = raw;
    this.lease = lease;
    this.share = share;
  }

  @Override
  public int next(byte[] row, int length) {
    int filter = raw.get(ValueLayout.JAVA_BYTE, position);
    MemorySegment.copy(raw, ValueLayout.JAVA_BYTE, position + 1, row, 0, length);
    position += 1 + length;
    return filter;
  }

  @Override
  public void end() {
    if (position != raw.byteSize()) {
      throw new IllegalStateException("rows are left over");
    }
  }

  @Override
  public void close() {
    lease.close();
    share.close();
  }
}
