package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.JpegHeader.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the marker segments of one JPEG, entropy-coded data included, to its true end.
 *
 * <p>Baseline, extended and progressive Huffman frames of 8 bits are read; lossless, arithmetic and
 * hierarchical ones, which viewers do not show, are unsupported. A second picture after the first
 * one's end (CIPA DC-007, multi-picture format) is data after the end.
 */
final class JpegHeaderReader {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DQT = 0xDB;
  private static final int DRI = 0xDD;
  private static final int DHT = 0xC4;
  private static final int COM = 0xFE;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;

  /** Each scan of a progressive file costs a pass over the frame, however few bytes it has. */
  private static final int MAX_SCANS = 64;

  private static final int MAX_SEGMENTS = 8_192;
  private static final int JFIF = 0x4A464946;
  private static final int ADOBE = 0x41646F62;
  private static final int EXIF = 0x45786966;

  private final FileBytes file;
  private final ImageLimits limits;
  private final List<Span> kept = new ArrayList<>();
  private final ExifOrientation exif;
  private int width;
  private int height;
  private int[] ids = new int[0];
  private boolean progressive;
  private boolean parted;
  private boolean jfif;
  private int transform = JpegColour.NO_ADOBE;
  private int scans;
  private int segments;

  JpegHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
    this.exif = new ExifOrientation(file);
  }

  JpegHeader read() throws UnavailableException {
    keep(0, 2);
    int at = 2;
    while (true) {
      int start = at;
      at = markerAfter(at);
      int marker = file.u8(at - 1);
      if (marker == EOI) {
        keep(start, at);
        break;
      }
      at = segment(start, at, marker);
    }
    if (at != file.size()) {
      throw Failures.undecodable("data after the end of the JPEG");
    }
    if (scans == 0) {
      throw Failures.undecodable("JPEG ends without an image");
    }
    JpegColour colour = JpegColour.of(ids, jfif, transform);
    return new JpegHeader(
        width, height, progressive || parted, colour, List.copyOf(kept), exif.shown(true));
  }

  /** The offset after a marker that begins at {@code at}, with any fill bytes before it. */
  private int markerAfter(int at) throws UnavailableException {
    if (file.u8(at) != 0xFF) {
      throw Failures.undecodable("no JPEG marker where one must be");
    }
    int code = at + 1;
    while (file.u8(code) == 0xFF) {
      code++;
    }
    return code + 1;
  }

  /** Takes the segment whose length field is at {@code at} and tells where the next marker is. */
  private int segment(int start, int at, int marker) throws UnavailableException {
    if (++segments > MAX_SEGMENTS) {
      throw Failures.tooLarge("too many JPEG segments");
    }
    refuse(marker);
    int length = file.u16(at);
    int end = at + length;
    if (length < 2 || end > file.size()) {
      throw Failures.undecodable("a JPEG segment reaches beyond the file");
    }
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> frame(at, length, marker);
      case APP0 -> jfif |= length >= 16 && file.i32(at + 2) == JFIF && file.u8(at + 6) == 0;
      case APP1 -> exif(at + 2, length - 2);
      case APP14 -> adobe(at, length);
      case SOS -> {
        // A scan of some components only: decoders then keep the coefficients of the frame.
        parted |= file.u8(at + 2) < ids.length;
        end = scan(end);
      }
      default -> {}
    }
    if (marker < APP0) {
      keep(start, end);
    }
    return end;
  }

  private static void refuse(int marker) throws UnavailableException {
    boolean known =
        switch (marker) {
          case 0xC0, 0xC1, 0xC2, DHT, SOS, DQT, DRI, COM -> true;
          default -> marker >= APP0 && marker <= APP15;
        };
    if (known) {
      return;
    }
    if (marker == SOI || marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD7)) {
      throw Failures.undecodable("misplaced JPEG marker");
    }
    throw Failures.unsupported("JPEG of a rare kind");
  }

  private void frame(int at, int length, int marker) throws UnavailableException {
    int components = file.u8(at + 7);
    if (ids.length > 0 || components == 0 || length != 8 + 3 * components) {
      throw Failures.undecodable("misplaced or misshapen JPEG frame");
    }
    if (file.u8(at + 2) != 8) {
      throw Failures.unsupported("JPEG of more than 8 bits");
    }
    height = file.u16(at + 3);
    width = file.u16(at + 5);
    limits.checkSize(width, height, file.size());
    progressive = marker == 0xC2;
    ids = new int[components];
    for (int i = 0; i < components; i++) {
      ids[i] = file.u8(at + 8 + 3 * i);
    }
  }

  private void exif(int at, int length) throws UnavailableException {
    if (length >= 6 && file.i32(at) == EXIF && file.u16(at + 4) == 0) {
      exif.take(at, length);
    }
  }

  private void adobe(int at, int length) throws UnavailableException {
    if (length >= 14 && file.i32(at + 2) == ADOBE && file.u8(at + 6) == 'e') {
      transform = file.u8(at + 13);
    }
  }

  /**
   * Where the entropy-coded data that begins at {@code at} ends: at a marker that is no restart.
   */
  private int scan(int at) throws UnavailableException {
    if (ids.length == 0) {
      throw Failures.undecodable("a JPEG scan before its frame");
    }
    if (++scans > MAX_SCANS) {
      throw Failures.tooLarge("too many JPEG scans");
    }
    int marker = file.indexOfFF(at);
    while (true) {
      int code = file.u8(marker + 1);
      if (code == 0xFF) {
        marker++;
      } else if (code == 0 || (code >= 0xD0 && code <= 0xD7)) {
        marker = file.indexOfFF(marker + 2);
      } else {
        return marker;
      }
    }
  }

  private void keep(int start, int end) {
    if (!kept.isEmpty() && kept.getLast().end() == start) {
      kept.add(new Span(kept.removeLast().start(), end));
    } else {
      kept.add(new Span(start, end));
    }
  }
}
