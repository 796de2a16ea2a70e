package io.sallyport.dialect;

/**
 * One block of an event stream exactly as it came, its closing blank line included: an event, or
 * comments alone. Nobody writes its bytes.
 */
public final class EventFrame {
  private final byte[] bytes;
  private final int length;
  private final boolean first;

  EventFrame(byte[] bytes, int length, boolean first) {
    this.bytes = bytes;
    this.length = length;
    this.first = first;
  }

  /** True for the first block of a stream, the only one that may begin with a byte-order mark. */
  boolean first() {
    return first;
  }

  /** The array; only its first {@link #length()} bytes are the block. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "EventFrame[" + length + " bytes]";
  }
}
