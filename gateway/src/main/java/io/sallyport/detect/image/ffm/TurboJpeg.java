package io.sallyport.detect.image.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * libjpeg-turbo by its TurboJPEG API (turbojpeg.h of 2.1; 3.x still has it). Decodes with the
 * accurate integer transform and smooth upsampling, which is what libjpeg 6b and so the JDK do.
 */
public final class TurboJpeg implements Codec {
  /** 2.0.90 reads beyond a buffer (CVE-2021-29390), and before 2.1 scans cannot be limited. */
  private static final LibraryVersion LEAST = new LibraryVersion(2, 1, 0);

  private static final List<String> SONAMES = List.of("libturbojpeg.so.0");

  private static final int ACCURATE_DCT = 4096;
  private static final int STOP_ON_WARNING = 8192;
  private static final int LIMIT_SCANS = 32_768;
  private static final int FLAGS = ACCURATE_DCT | STOP_ON_WARNING | LIMIT_SCANS;

  /** The function that came with 3.0. */
  private static final String OF_3 = "tj3Init";

  private static final Pattern VERSION = Pattern.compile("libjpeg-turbo version (\\d[\\d.]*\\d)");
  private static final long LIBRARY_BYTES_MAX = 32 << 20;

  /** What a decoded pixel consists of, one byte each. */
  public enum Pixel {
    GREY(6, 1),
    RGB(0, 3),
    /** Inverted, as Adobe writes it. */
    CMYK(11, 4);

    private final int code;
    private final int bytes;

    Pixel(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }
  }

  private final MethodHandle init;
  private final MethodHandle destroy;
  private final MethodHandle header;
  private final MethodHandle decompress;
  private final Optional<LibraryVersion> version;

  private TurboJpeg(NativeLibrary library) {
    init = library.function("tjInitDecompress", FunctionDescriptor.of(ADDRESS));
    destroy = library.function("tjDestroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    header =
        library.function(
            "tjDecompressHeader3",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    decompress =
        library.function(
            "tjDecompress2",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT, JAVA_INT));
    version = version(library);
  }

  public static Opened<TurboJpeg> open(Use use) {
    return Opened.open("libjpeg-turbo", SONAMES, use, TurboJpeg::new);
  }

  /** No function tells it; the library's file does, in plain text, and 3.x by what it can do. */
  private static Optional<LibraryVersion> version(NativeLibrary library) {
    Optional<LibraryVersion> written =
        library.file("tjInitDecompress").flatMap(TurboJpeg::versionIn);
    return written.or(
        () -> library.has(OF_3) ? Optional.of(new LibraryVersion(3, 0, 0)) : Optional.empty());
  }

  private static Optional<LibraryVersion> versionIn(Path file) {
    try {
      if (Files.size(file) > LIBRARY_BYTES_MAX) {
        return Optional.empty();
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      Matcher matcher = VERSION.matcher(text);
      return matcher.find() ? LibraryVersion.parse(matcher.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Need> needs() {
    return List.of(new Need("libjpeg-turbo", version, Optional.of(LEAST)));
  }

  /**
   * Decodes a file, rows from the top without gaps.
   *
   * @param out of {@code width * height * pixel.bytes()} bytes
   * @return false when the file is not of that size, is corrupt, or gave the library any warning;
   *     then {@code out} holds nothing of use
   */
  public boolean decode(MemorySegment file, MemorySegment out, int width, int height, Pixel pixel) {
    if (out.byteSize() < (long) width * height * pixel.bytes) {
      throw new IllegalArgumentException("no room for the picture");
    }
    MemorySegment handle = MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      handle = (MemorySegment) init.invokeExact();
      if (handle.equals(MemorySegment.NULL) || !isOfSize(arena, handle, file, width, height)) {
        return false;
      }
      int result =
          (int)
              decompress.invokeExact(
                  handle,
                  file,
                  file.byteSize(),
                  out,
                  width,
                  width * pixel.bytes,
                  height,
                  pixel.code,
                  FLAGS);
      return result == 0;
    } catch (Throwable e) {
      throw Calls.failed(e);
    } finally {
      close(handle);
    }
  }

  /** The result code is not asked: it also refuses rare subsampling, which decodes well. */
  private boolean isOfSize(
      Arena arena, MemorySegment handle, MemorySegment file, int width, int height)
      throws Throwable {
    MemorySegment found = arena.allocate(JAVA_INT, 4);
    int _ =
        (int)
            header.invokeExact(
                handle,
                file,
                file.byteSize(),
                found,
                found.asSlice(4),
                found.asSlice(8),
                found.asSlice(12));
    return found.getAtIndex(JAVA_INT, 0) == width && found.getAtIndex(JAVA_INT, 1) == height;
  }

  private void close(MemorySegment handle) {
    if (handle.equals(MemorySegment.NULL)) {
      return;
    }
    try {
      int _ = (int) destroy.invokeExact(handle);
    } catch (Throwable e) {
      throw Calls.failed(e);
    }
  }
}
