package io.sallyport.detect.image.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * libdeflate (libdeflate.h): inflates a whole zlib stream at once. It has no function that tells
 * its version, and no fault of its decompressor is known that would ask for one.
 */
public final class LibDeflate implements Codec {
  private static final List<String> SONAMES = List.of("libdeflate.so.0");
  private static final int SUCCESS = 0;

  private final MethodHandle alloc;
  private final MethodHandle free;
  private final MethodHandle inflate;

  LibDeflate(NativeLibrary library) {
    alloc = library.function("libdeflate_alloc_decompressor", FunctionDescriptor.of(ADDRESS));
    free = library.function("libdeflate_free_decompressor", FunctionDescriptor.ofVoid(ADDRESS));
    inflate =
        library.function(
            "libdeflate_zlib_decompress_ex",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
  }

  public static Opened<LibDeflate> open(Use use) {
    return Opened.open("libdeflate", SONAMES, use, LibDeflate::new);
  }

  @Override
  public List<Need> needs() {
    return List.of(new Need("libdeflate", Optional.empty(), Optional.empty()));
  }

  /**
   * Inflates all of {@code in}, and to exactly the size of {@code out}; the stream's checksum is
   * compared. False when anything is not so, and then {@code out} holds nothing of use.
   */
  public boolean inflate(MemorySegment in, MemorySegment out) {
    MemorySegment decompressor = MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      decompressor = (MemorySegment) alloc.invokeExact();
      if (decompressor.equals(MemorySegment.NULL)) {
        return false;
      }
      MemorySegment read = arena.allocate(JAVA_LONG);
      MemorySegment written = arena.allocate(JAVA_LONG);
      int result =
          (int)
              inflate.invokeExact(
                  decompressor, in, in.byteSize(), out, out.byteSize(), read, written);
      return result == SUCCESS
          && read.get(JAVA_LONG, 0) == in.byteSize()
          && written.get(JAVA_LONG, 0) == out.byteSize();
    } catch (Throwable e) {
      throw Calls.failed(e);
    } finally {
      Calls.run(free, decompressor);
    }
  }
}
