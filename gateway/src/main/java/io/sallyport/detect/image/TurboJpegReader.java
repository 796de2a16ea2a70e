package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.JpegHeader.Span;
import io.sallyport.detect.image.ffm.OffHeap;
import io.sallyport.detect.image.ffm.TurboJpeg;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Decodes JPEGs by libjpeg-turbo, to the same pixels as the JDK's reader. Whole frames: callers
 * hold a share of the {@link FrameBudget}. Safe on every thread.
 */
final class TurboJpegReader {
  private static final int SOI_LENGTH = 2;

  private final TurboJpeg library;
  private final OffHeap memory;

  TurboJpegReader(TurboJpeg library, OffHeap memory) {
    this.library = library;
    this.memory = memory;
  }

  /** Whether the library's own arithmetic, which is in ints, holds the frame. */
  static boolean takes(JpegHeader header) {
    return 4L * header.width() * header.height() <= Integer.MAX_VALUE;
  }

  void read(FileBytes file, JpegHeader header, RowSink sink) throws UnavailableException {
    TurboJpeg.Pixel pixel = pixel(header.colour());
    byte[] told = told(header.colour());
    long size = told.length + header.kept().stream().mapToLong(Span::length).sum();
    long frame = (long) header.width() * header.height() * pixel.bytes();
    try (OffHeap.Lease lease = memory.lease(OffHeap.room(size, frame))) {
      MemorySegment in = lease.head(size);
      MemorySegment out = lease.behind(size, frame);
      gather(file, header, told, in);
      if (!library.decode(in, out, header.width(), header.height(), pixel)) {
        throw Failures.undecodable("JPEG data is corrupt");
      }
      average(out, header, pixel, sink);
    }
  }

  private static void average(
      MemorySegment frame, JpegHeader header, TurboJpeg.Pixel pixel, RowSink sink) {
    int width = header.width();
    int length = pixel.bytes() * width;
    byte[] samples = new byte[length];
    byte[] rgb = new byte[3 * width];
    for (int y = 0; y < header.height(); y++) {
      MemorySegment row = frame.asSlice((long) y * length, length);
      switch (pixel) {
        case RGB -> sink.rgb(y, row);
        case GREY -> sink.rgb(y, rgb(row, samples, JpegColour.GREY, rgb));
        case CMYK -> sink.rgb(y, rgb(row, samples, JpegColour.CMYK, rgb));
      }
    }
  }

  private static byte[] rgb(MemorySegment row, byte[] samples, JpegColour colour, byte[] rgb) {
    MemorySegment.copy(row, ValueLayout.JAVA_BYTE, 0, samples, 0, samples.length);
    colour.toRgb(samples, rgb, rgb.length / 3);
    return rgb;
  }

  /** The library turns YCC into RGB, and YCCK into CMYK, by the same formulas as here. */
  private static TurboJpeg.Pixel pixel(JpegColour colour) {
    return switch (colour) {
      case GREY -> TurboJpeg.Pixel.GREY;
      case RGB, YCC -> TurboJpeg.Pixel.RGB;
      case CMYK, YCCK -> TurboJpeg.Pixel.CMYK;
    };
  }

  /** The one segment that makes the library see the colour that was decided here. */
  private static byte[] told(JpegColour colour) {
    return switch (colour) {
      case GREY -> new byte[0];
      case YCC -> bytes(0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
      case RGB, CMYK -> adobe(0);
      case YCCK -> adobe(2);
    };
  }

  private static byte[] adobe(int transform) {
    return bytes(0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** The first part begins with the start of the image, behind which {@code told} goes. */
  private static void gather(FileBytes file, JpegHeader header, byte[] told, MemorySegment into)
      throws UnavailableException {
    file.copy(0, into, 0, SOI_LENGTH);
    MemorySegment.copy(told, 0, into, ValueLayout.JAVA_BYTE, SOI_LENGTH, told.length);
    long to = SOI_LENGTH + told.length;
    for (Span span : header.kept()) {
      int from = Math.max(span.start(), SOI_LENGTH);
      file.copy(from, into, to, span.end() - from);
      to += span.end() - from;
    }
  }
}
