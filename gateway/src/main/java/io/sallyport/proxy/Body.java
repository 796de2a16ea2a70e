package io.sallyport.proxy;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A whole body in one array. Belongs to its exchange's event loop, but the array may be read by a
 * lane thread while the exchange waits for it; nobody writes it once collected.
 *
 * <p>One with a content coding has a {@link #plain} copy beside it: that is read and judged, and
 * this is what passes (I3).
 */
final class Body {
  static final Body EMPTY = new Body(new byte[0], 0);

  private static final int SLICE = 64 << 10;

  private final byte[] bytes;
  private final int length;
  private final @Nullable Body plain;
  private final boolean edited;

  Body(byte[] bytes, int length) {
    this(bytes, length, null, false);
  }

  private Body(byte[] bytes, int length, @Nullable Body plain, boolean edited) {
    this.bytes = bytes;
    this.length = length;
    this.plain = plain;
    this.edited = edited;
  }

  /** One that the gateway made of another; it has no content coding. */
  static Body edited(byte[] bytes) {
    return new Body(bytes, bytes.length, null, true);
  }

  /** Whether these are not the bytes that came. */
  boolean edited() {
    return edited;
  }

  /** The same body with its decoded copy, which may be itself. */
  Body with(Body plain) {
    return plain == this ? this : new Body(bytes, length, plain, edited);
  }

  /** What the body says without its content coding; itself when it has none. */
  Body plain() {
    return plain == null ? this : plain;
  }

  /** The array; only its first {@link #length()} bytes are the body. */
  byte[] bytes() {
    return bytes;
  }

  /** An array of exactly the body; the same one where it fits already. */
  byte[] exact() {
    return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
  }

  int length() {
    return length;
  }

  /** How many slices {@link #slice} gives; none for an empty body. */
  int slices() {
    return (length + SLICE - 1) / SLICE;
  }

  /** A copy of the n-th slice, small enough that a slow reader holds little. */
  Buffer slice(int n) {
    int from = n * SLICE;
    return Buffer.buffer(Math.min(SLICE, length - from))
        .appendBytes(bytes, from, Math.min(SLICE, length - from));
  }
}
