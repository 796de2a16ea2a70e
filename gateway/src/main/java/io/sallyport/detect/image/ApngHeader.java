package io.sallyport.detect.image;

import java.util.List;
import java.util.Set;

/**
 * What the chunks of an animated PNG say.
 *
 * @param still the picture of viewers that do not know animations
 * @param stillIsFrame whether it is also the first frame
 * @param all the frames
 */
record ApngHeader(PngHeader still, boolean stillIsFrame, List<ApngFrame> all)
    implements AnimatedHeader {

  /**
   * One frame.
   *
   * @param dataAt offset of its first data chunk, at the length field
   * @param dataBytes of all its data chunks, without their sequence numbers
   */
  record ApngFrame(FrameArea area, int dataAt, int dataBytes) {}

  ApngHeader {
    all = List.copyOf(all);
  }

  @Override
  public ImageFormat format() {
    return ImageFormat.PNG;
  }

  @Override
  public int width() {
    return still.width();
  }

  @Override
  public int height() {
    return still.height();
  }

  @Override
  public Set<Orientation> orientations() {
    return still.orientations();
  }

  @Override
  public int frames() {
    return all.size();
  }

  @Override
  public FrameArea area(int frame) {
    return all.get(frame).area();
  }

  /** A copy of the compressed frame. */
  @Override
  public long decoderBytes() {
    return all.stream().mapToLong(ApngFrame::dataBytes).max().orElse(0);
  }

  @Override
  public long tableBytes() {
    return 0;
  }
}
