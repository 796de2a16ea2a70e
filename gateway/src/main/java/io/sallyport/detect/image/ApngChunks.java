package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ApngHeader.ApngFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the animation chunks of one PNG in their order (PNG specification, third edition, 4.9 and
 * 11.3.6). Checksums are the caller's to check.
 */
final class ApngChunks {
  private static final int SEQUENCE = 4;

  private final FileBytes file;
  private final ImageLimits limits;
  private final int width;
  private final int height;
  private final List<ApngFrame> frames = new ArrayList<>();
  private int announced = -1;
  private int sequence;
  private boolean stillIsFrame;
  private FrameArea open = new FrameArea(0, 0, 1, 1, false, FrameArea.Disposal.KEEP);
  private boolean waiting;
  private boolean filling;

  /**
   * @param width of the canvas
   * @param height of the canvas
   */
  ApngChunks(FileBytes file, ImageLimits limits, int width, int height) {
    this.file = file;
    this.limits = limits;
    this.width = width;
    this.height = height;
  }

  boolean animated() {
    return announced >= 0;
  }

  /** acTL, with its data at {@code at}. */
  void control(int at, int length, boolean afterData) throws UnavailableException {
    if (length != 8 || animated() || afterData) {
      throw Failures.undecodable("misplaced or misshapen animation control");
    }
    announced = file.i32(at);
    if (announced < 1) {
      throw Failures.undecodable("an animation of no frames");
    }
    limits.checkFrames(announced, width, height);
  }

  /** fcTL, with its data at {@code at}. */
  void frame(int at, int length, boolean afterData) throws UnavailableException {
    if (length != 26 || !animated() || waiting || frames.size() == announced) {
      throw Failures.undecodable("misplaced or misshapen frame control");
    }
    number(at);
    FrameArea.Disposal disposal =
        switch (file.u8(at + 24)) {
          case 0 -> FrameArea.Disposal.KEEP;
          case 1 -> FrameArea.Disposal.CLEAR;
          case 2 -> frames.isEmpty() ? FrameArea.Disposal.CLEAR : FrameArea.Disposal.RESTORE;
          default -> throw Failures.undecodable("no such disposal of a frame");
        };
    int blend = file.u8(at + 25);
    open =
        new FrameArea(
            file.i32(at + 12),
            file.i32(at + 16),
            file.i32(at + 4),
            file.i32(at + 8),
            blend == 1,
            disposal);
    boolean whole = open.pixels() == width * height;
    if (blend > 1 || !open.inside(width, height) || (!afterData && !whole)) {
      throw Failures.undecodable("a frame that is not on the canvas");
    }
    stillIsFrame |= !afterData;
    waiting = true;
    filling = false;
  }

  /** IDAT, of the first frame when its control came before. */
  void data(int chunkAt, int length) {
    if (stillIsFrame) {
      add(chunkAt, length);
    }
  }

  /** fdAT. */
  void frameData(int chunkAt, int length, boolean afterData) throws UnavailableException {
    if (length < SEQUENCE || !afterData || !(waiting || filling) || inStill()) {
      throw Failures.undecodable("misplaced or misshapen frame data");
    }
    number(chunkAt + 8);
    add(chunkAt, length - SEQUENCE);
  }

  /** Whether the frame that is open is the one of the image data. */
  private boolean inStill() {
    return stillIsFrame && (frames.isEmpty() || (frames.size() == 1 && !waiting));
  }

  private void add(int chunkAt, int length) {
    if (waiting) {
      frames.add(new ApngFrame(open, chunkAt, length));
      waiting = false;
      filling = true;
    } else {
      ApngFrame last = frames.removeLast();
      frames.add(new ApngFrame(last.area(), last.dataAt(), last.dataBytes() + length));
    }
  }

  private void number(int at) throws UnavailableException {
    if (file.i32(at) != sequence) {
      throw Failures.undecodable("frames are out of order");
    }
    sequence++;
  }

  /** The whole animation, after the end chunk. */
  ApngHeader finish(PngHeader still) throws UnavailableException {
    if (frames.size() != announced || waiting) {
      throw Failures.undecodable("another number of frames than announced");
    }
    limits.checkFrames(stillIsFrame ? announced : announced + 1, width, height);
    return new ApngHeader(still, stillIsFrame, frames);
  }
}
