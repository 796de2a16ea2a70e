package io.sallyport.detect.image.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * libavif (avif/avif.h) with dav1d: the primary item of a file to 8-bit RGBA. Rotation, mirroring
 * and cropping are not applied. Offsets of fields were measured with a compiler against 0.11.1, and
 * counted in the header of 1.0.3, which promises to keep them; no other series is used.
 */
public final class LibAvif implements Codec {
  /** Memory errors of grids and properties were fixed up to here (crbug 1504792, b/320234262). */
  private static final LibraryVersion LEAST = new LibraryVersion(1, 0, 4);

  /** Before it, a large frame overflows an integer (CVE-2024-1580). */
  private static final LibraryVersion LEAST_DAV1D = new LibraryVersion(1, 4, 0);

  private static final List<String> SONAMES = List.of("libavif.so.16", "libavif.so.15");
  private static final Pattern DAV1D = Pattern.compile("dav1d[^:,]*:v?(\\d[\\d.]*)");
  private static final int OK = 0;
  private static final int CHOICE_DAV1D = 2;
  private static final int SOURCE_PRIMARY_ITEM = 1;
  private static final int FORMAT_RGBA = 1;
  private static final int PIXEL_BYTES = 4;
  private static final long VERSIONS_BYTES = 256;

  /** Fields of avifDecoder, the same in both series. */
  private static final long CODEC_CHOICE = 0;

  private static final long MAX_THREADS = 4;
  private static final long IGNORE_EXIF = 20;
  private static final long IGNORE_XMP = 24;
  private static final long SIZE_LIMIT = 28;
  private static final long DIMENSION_LIMIT = 32;
  private static final long COUNT_LIMIT = 36;
  private static final long IMAGE = 48;
  private static final long IMAGE_COUNT = 60;
  private static final long DECODER_PREFIX = 64;

  /** Fields of avifRGBImage before {@code pixels}; the structure itself is far smaller. */
  private static final long RGB_BYTES = 256;

  private static final long RGB_DEPTH = 8;
  private static final long RGB_FORMAT = 12;

  private final MethodHandle create;
  private final MethodHandle destroy;
  private final MethodHandle setSource;
  private final MethodHandle setMemory;
  private final MethodHandle parse;
  private final MethodHandle nextImage;
  private final MethodHandle rgbDefaults;
  private final MethodHandle toRgb;
  private final LibraryVersion version;
  private final Optional<LibraryVersion> dav1d;

  /** Offset of {@code pixels} in avifRGBImage: 1.0 put a field before it. */
  private final long rgbPixels;

  private LibAvif(NativeLibrary library) {
    create = library.function("avifDecoderCreate", FunctionDescriptor.of(ADDRESS));
    destroy = library.function("avifDecoderDestroy", FunctionDescriptor.ofVoid(ADDRESS));
    setSource =
        library.function(
            "avifDecoderSetSource", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    setMemory =
        library.function(
            "avifDecoderSetIOMemory", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    FunctionDescriptor step = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    parse = library.function("avifDecoderParse", step);
    nextImage = library.function("avifDecoderNextImage", step);
    rgbDefaults =
        library.function("avifRGBImageSetDefaults", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    toRgb =
        library.function("avifImageYUVToRGB", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    version = version(library);
    dav1d = dav1d(library);
    rgbPixels = version.major() == 0 ? 40 : 48;
  }

  public static Opened<LibAvif> open(Use use) {
    return Opened.open("libavif", SONAMES, use, LibAvif::new);
  }

  private static LibraryVersion version(NativeLibrary library) {
    MethodHandle function = library.function("avifVersion", FunctionDescriptor.of(ADDRESS));
    try {
      MemorySegment text = (MemorySegment) function.invokeExact();
      return LibraryVersion.parse(text.reinterpret(VERSIONS_BYTES).getString(0))
          .filter(it -> it.major() == 1 || (it.major() == 0 && it.minor() == 11))
          .orElseThrow(() -> new NoSuchElementException("a known series of libavif"));
    } catch (Throwable e) {
      throw Calls.failed(e);
    }
  }

  /** From a line such as {@code dav1d [dec]:1.0.0-0-g99172b1, aom [enc/dec]:3.6.0}. */
  private static Optional<LibraryVersion> dav1d(NativeLibrary library) {
    MethodHandle function =
        library.function("avifCodecVersions", FunctionDescriptor.ofVoid(ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(VERSIONS_BYTES);
      function.invokeExact(text);
      Matcher matcher = DAV1D.matcher(text.getString(0));
      if (!matcher.find()) {
        throw new NoSuchElementException("dav1d in libavif");
      }
      return LibraryVersion.parse(matcher.group(1));
    } catch (Throwable e) {
      throw Calls.failed(e);
    }
  }

  @Override
  public List<Need> needs() {
    return List.of(
        new Need("libavif", Optional.of(version), Optional.of(LEAST)),
        new Need("dav1d", dav1d, Optional.of(LEAST_DAV1D)));
  }

  /**
   * Decodes a file to RGBA, alpha not multiplied in, rows from the top without gaps. On one thread.
   *
   * @param out of {@code 4 * width * height} bytes
   * @return false when the file is not one picture of that size or is corrupt; then {@code out}
   *     holds nothing of use
   */
  public boolean decode(MemorySegment file, MemorySegment out, int width, int height) {
    if (out.byteSize() < (long) PIXEL_BYTES * width * height) {
      throw new IllegalArgumentException("no room for the picture");
    }
    MemorySegment decoder = MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment created = (MemorySegment) create.invokeExact();
      if (created.equals(MemorySegment.NULL)) {
        return false;
      }
      decoder = created;
      MemorySegment fields = created.reinterpret(DECODER_PREFIX);
      limit(fields, width, height);
      return read(created, file)
          && fields.get(JAVA_INT, IMAGE_COUNT) == 1
          && (int) nextImage.invokeExact(created) == OK
          && convert(arena, fields.get(ADDRESS, IMAGE), out, width, height);
    } catch (Throwable e) {
      throw Calls.failed(e);
    } finally {
      Calls.run(destroy, decoder);
    }
  }

  /** Neither the container nor the codec allocates for more pixels than the caller has counted. */
  private static void limit(MemorySegment fields, int width, int height) {
    fields.set(JAVA_INT, CODEC_CHOICE, CHOICE_DAV1D);
    fields.set(JAVA_INT, MAX_THREADS, 1);
    fields.set(JAVA_INT, IGNORE_EXIF, 1);
    fields.set(JAVA_INT, IGNORE_XMP, 1);
    fields.set(JAVA_INT, SIZE_LIMIT, Math.multiplyExact(width, height));
    fields.set(JAVA_INT, DIMENSION_LIMIT, Math.max(width, height));
    fields.set(JAVA_INT, COUNT_LIMIT, 1);
  }

  private boolean read(MemorySegment decoder, MemorySegment file) throws Throwable {
    return (int) setSource.invokeExact(decoder, SOURCE_PRIMARY_ITEM) == OK
        && (int) setMemory.invokeExact(decoder, file, file.byteSize()) == OK
        && (int) parse.invokeExact(decoder) == OK;
  }

  private boolean convert(
      Arena arena, MemorySegment image, MemorySegment out, int width, int height) throws Throwable {
    MemorySegment size = image.reinterpret(8);
    if (size.get(JAVA_INT, 0) != width || size.get(JAVA_INT, 4) != height) {
      return false;
    }
    MemorySegment rgb = arena.allocate(RGB_BYTES, 8);
    rgbDefaults.invokeExact(rgb, image);
    rgb.set(JAVA_INT, RGB_DEPTH, 8);
    rgb.set(JAVA_INT, RGB_FORMAT, FORMAT_RGBA);
    rgb.set(ADDRESS, rgbPixels, out);
    rgb.set(JAVA_INT, rgbPixels + 8, PIXEL_BYTES * width);
    return (int) toRgb.invokeExact(image, rgb) == OK;
  }
}
