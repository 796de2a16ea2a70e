package io.sallyport.detect.image;

import java.util.List;
import java.util.Set;

/** What a GIF's blocks say: one frame or more on a canvas. */
record GifHeader(int width, int height, List<GifFrame> all) implements AnimatedHeader {

  /**
   * One image block.
   *
   * @param paletteAt offset of its first colour
   * @param paletteSize colours, 2 to 256
   * @param transparent the index that is transparent, or -1
   * @param dataAt offset of the minimum code size, before the sub-blocks
   */
  record GifFrame(
      FrameArea area,
      boolean interlaced,
      int paletteAt,
      int paletteSize,
      int transparent,
      int dataAt) {}

  GifHeader {
    all = List.copyOf(all);
  }

  @Override
  public ImageFormat format() {
    return ImageFormat.GIF;
  }

  /** A GIF cannot say how it is turned. */
  @Override
  public Set<Orientation> orientations() {
    return ExifOrientation.NONE;
  }

  @Override
  public int frames() {
    return all.size();
  }

  @Override
  public FrameArea area(int frame) {
    return all.get(frame).area();
  }

  @Override
  public long decoderBytes() {
    return GifReader.BYTES;
  }

  @Override
  public long tableBytes() {
    return 0;
  }
}
