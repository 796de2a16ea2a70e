package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.GifHeader.GifFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the blocks of one GIF (CompuServe, <i>Graphics Interchange Format, Version 89a</i>) to its
 * trailer, which must be the file's last byte.
 *
 * <p>Refused, because viewers differ: frames that reach beyond the canvas, disposal methods that
 * are not defined, and plain text blocks. Comments and application data are skipped unread.
 */
final class GifHeaderReader {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int TRAILER = 0x3B;
  private static final int CONTROL = 0xF9;
  private static final int PLAIN_TEXT = 0x01;
  private static final int CODE_SIZE_MAX = 8;

  private final FileBytes file;
  private final ImageLimits limits;
  private final List<GifFrame> frames = new ArrayList<>();
  private int width;
  private int height;
  private int paletteAt;
  private int paletteSize;
  private int transparent = -1;
  private FrameArea.Disposal disposal = FrameArea.Disposal.KEEP;

  GifHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  GifHeader read() throws UnavailableException {
    width = u16le(6);
    height = u16le(8);
    limits.checkSize(width, height, file.size());
    int at = palette(13, file.u8(10));
    int introducer = file.u8(at);
    while (introducer != TRAILER) {
      at =
          switch (introducer) {
            case EXTENSION -> extension(at);
            case IMAGE -> image(at);
            default -> throw Failures.undecodable("no such block in a GIF");
          };
      introducer = file.u8(at);
    }
    if (at + 1 != file.size()) {
      throw Failures.undecodable("data after the end of the GIF");
    }
    if (frames.isEmpty()) {
      throw Failures.undecodable("GIF ends without an image");
    }
    return new GifHeader(width, height, frames);
  }

  /** Takes the palette at {@code at}, if the flags say that there is one, and tells its end. */
  private int palette(int at, int flags) {
    if ((flags & 0x80) == 0) {
      return at;
    }
    paletteAt = at;
    paletteSize = 2 << (flags & 7);
    return at + 3 * paletteSize;
  }

  private int extension(int at) throws UnavailableException {
    int label = file.u8(at + 1);
    if (label == PLAIN_TEXT) {
      throw Failures.unsupported("plain text in a GIF");
    }
    if (label == CONTROL) {
      control(at + 2);
    }
    return afterBlocks(at + 2);
  }

  private void control(int at) throws UnavailableException {
    if (file.u8(at) != 4) {
      throw Failures.undecodable("misshapen control block in a GIF");
    }
    int flags = file.u8(at + 1);
    disposal =
        switch (flags >> 2 & 7) {
          case 0, 1 -> FrameArea.Disposal.KEEP;
          case 2 -> FrameArea.Disposal.CLEAR;
          case 3 -> FrameArea.Disposal.RESTORE;
          default -> throw Failures.unsupported("a disposal method that is not defined");
        };
    transparent = (flags & 1) == 0 ? -1 : file.u8(at + 4);
  }

  private int image(int at) throws UnavailableException {
    FrameArea area =
        new FrameArea(u16le(at + 1), u16le(at + 3), u16le(at + 5), u16le(at + 7), true, disposal);
    if (!area.inside(width, height)) {
      throw Failures.unsupported("a frame that is not on the canvas");
    }
    limits.checkFrames(frames.size() + 1, width, height);
    int flags = file.u8(at + 9);
    int globalAt = paletteAt;
    int globalSize = paletteSize;
    int dataAt = palette(at + 10, flags);
    int codeSize = file.u8(dataAt);
    if (paletteSize == 0 || codeSize < 1 || codeSize > CODE_SIZE_MAX) {
      throw Failures.undecodable("no palette, or no such code size");
    }
    boolean interlaced = (flags & 0x40) != 0;
    frames.add(new GifFrame(area, interlaced, paletteAt, paletteSize, transparent, dataAt));
    paletteAt = globalAt;
    paletteSize = globalSize;
    transparent = -1;
    disposal = FrameArea.Disposal.KEEP;
    return afterBlocks(dataAt + 1);
  }

  /** The offset after a chain of sub-blocks. */
  private int afterBlocks(int at) throws UnavailableException {
    int next = at;
    int length = file.u8(next);
    while (length > 0) {
      next += 1 + length;
      length = file.u8(next);
    }
    return next + 1;
  }

  private int u16le(int at) throws UnavailableException {
    return file.u8(at) | file.u8(at + 1) << 8;
  }
}
