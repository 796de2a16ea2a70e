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

/** libwebp (webp/decode.h): one still picture to RGBA, with smooth upsampling. */
public final class LibWebp implements Codec {
  /** Before it, a file can write beyond a table of prefix codes (CVE-2023-4863). */
  private static final LibraryVersion LEAST = new LibraryVersion(1, 3, 2);

  private static final List<String> SONAMES = List.of("libwebp.so.7");
  private static final int PIXEL_BYTES = 4;

  private final MethodHandle info;
  private final MethodHandle decode;
  private final LibraryVersion version;

  private LibWebp(NativeLibrary library) {
    info =
        library.function(
            "WebPGetInfo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    decode =
        library.function(
            "WebPDecodeRGBAInto",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
    version = version(library.function("WebPGetDecoderVersion", FunctionDescriptor.of(JAVA_INT)));
  }

  public static Opened<LibWebp> open(Use use) {
    return Opened.open("libwebp", SONAMES, use, LibWebp::new);
  }

  /** One byte for each number. */
  private static LibraryVersion version(MethodHandle function) {
    try {
      int packed = (int) function.invokeExact();
      return new LibraryVersion(packed >> 16 & 0xFF, packed >> 8 & 0xFF, packed & 0xFF);
    } catch (Throwable e) {
      throw Calls.failed(e);
    }
  }

  @Override
  public List<Need> needs() {
    return List.of(new Need("libwebp", Optional.of(version), Optional.of(LEAST)));
  }

  /**
   * Decodes a file to RGBA, alpha not multiplied in, rows from the top without gaps.
   *
   * @param out of {@code 4 * width * height} bytes
   * @return false when the file is not of that size or is corrupt; then {@code out} holds nothing
   *     of use
   */
  public boolean decode(MemorySegment file, MemorySegment out, int width, int height) {
    long size = (long) PIXEL_BYTES * width * height;
    if (out.byteSize() < size) {
      throw new IllegalArgumentException("no room for the picture");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found = arena.allocate(JAVA_INT, 2);
      int known = (int) info.invokeExact(file, file.byteSize(), found, found.asSlice(4));
      if (known == 0
          || found.getAtIndex(JAVA_INT, 0) != width
          || found.getAtIndex(JAVA_INT, 1) != height) {
        return false;
      }
      MemorySegment written =
          (MemorySegment) decode.invokeExact(file, file.byteSize(), out, size, PIXEL_BYTES * width);
      return !written.equals(MemorySegment.NULL);
    } catch (Throwable e) {
      throw Calls.failed(e);
    }
  }
}
