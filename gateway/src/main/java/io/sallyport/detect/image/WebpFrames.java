package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.WebpAnimation.WebpFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Takes the frames of one animated WebP, and writes one as a file of its own. */
final class WebpFrames {
  private static final int VP8X = 0x56503858;
  private static final int ALPHA = 0x10;
  private static final int REPLACE = 0x02;
  private static final int CLEAR = 0x01;

  /** Bytes of a frame's data before its chunks. */
  private static final int FRAME_HEADER = 16;

  /** RIFF header and VP8X chunk. */
  private static final int PREAMBLE = 30;

  private final FileBytes file;
  private final ImageLimits limits;
  private final List<WebpFrame> frames = new ArrayList<>();
  private boolean controlled;

  WebpFrames(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /** ANIM. Background and loops change nothing that is judged. */
  void control(boolean animated) throws UnavailableException {
    if (!animated || controlled) {
      throw Failures.undecodable("misplaced WebP animation");
    }
    controlled = true;
  }

  /** ANMF, with its data from {@code at} to {@code end}. */
  void frame(int at, int end, int width, int height) throws UnavailableException {
    if (!controlled || end - at < FRAME_HEADER) {
      throw Failures.undecodable("misplaced or misshapen WebP frame");
    }
    int flags = file.u8(at + 15);
    FrameArea area =
        new FrameArea(
            2 * file.u24le(at),
            2 * file.u24le(at + 3),
            file.u24le(at + 6) + 1,
            file.u24le(at + 9) + 1,
            (flags & REPLACE) == 0,
            (flags & CLEAR) == 0 ? FrameArea.Disposal.KEEP : FrameArea.Disposal.CLEAR);
    if (!area.inside(width, height)) {
      throw Failures.undecodable("a frame that is not on the canvas");
    }
    limits.checkFrames(frames.size() + 1, width, height);
    WebpImage image = new WebpImage(file, limits);
    image.canvas(area.width(), area.height());
    int from = at + FRAME_HEADER;
    for (int chunk = from; chunk < end; chunk = WebpHeaderReader.chunkEnd(file, chunk, end)) {
      image.chunk(chunk);
    }
    frames.add(new WebpFrame(area, from, end, image.finish(ExifOrientation.NONE)));
  }

  WebpAnimation finish(int width, int height, Set<Orientation> orientations)
      throws UnavailableException {
    if (frames.isEmpty()) {
      throw Failures.undecodable("WebP ends without an image");
    }
    return new WebpAnimation(width, height, frames, orientations);
  }

  /** A still WebP of a frame's chunks. */
  static FileBytes still(FileBytes file, WebpFrame frame) throws UnavailableException {
    byte[] bytes = new byte[PREAMBLE + frame.length()];
    ByteBuffer.wrap(bytes)
        .putInt(ImageHeader.RIFF)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - 8)
        .order(ByteOrder.BIG_ENDIAN)
        .putInt(ImageHeader.WEBP)
        .putInt(VP8X)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(10)
        .putInt(ALPHA)
        .putShort((short) (frame.area().width() - 1))
        .put((byte) (frame.area().width() - 1 >> 16))
        .putShort((short) (frame.area().height() - 1))
        .put((byte) (frame.area().height() - 1 >> 16));
    file.copy(frame.at(), bytes, PREAMBLE, frame.length());
    return FileBytes.of(ByteBuffer.wrap(bytes));
  }
}
