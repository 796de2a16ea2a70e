package io.sallyport.detect.image.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What every call of a bound function shares. Native functions throw nothing themselves. */
final class Calls {
  private Calls() {}

  /** For what a method handle declares to throw: only mistakes of this room's get here. */
  static RuntimeException failed(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException mistake -> mistake;
      case Throwable other -> new IllegalStateException(other);
    };
  }

  /** Calls a function that frees what it is given, unless that is nothing. */
  static void run(MethodHandle free, MemorySegment object) {
    if (object.equals(MemorySegment.NULL)) {
      return;
    }
    try {
      free.invokeExact(object);
    } catch (Throwable e) {
      throw failed(e);
    }
  }
}
