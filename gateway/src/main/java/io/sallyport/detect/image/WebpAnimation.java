package io.sallyport.detect.image;

import java.util.List;
import java.util.Set;

/** What the chunks of an animated WebP say (RFC 9649, 2.7.1). */
record WebpAnimation(int width, int height, List<WebpFrame> all, Set<Orientation> orientations)
    implements AnimatedHeader {

  /**
   * One frame.
   *
   * @param at offset of its first chunk
   * @param end offset after its last one
   * @param image what its chunks say
   */
  record WebpFrame(FrameArea area, int at, int end, WebpHeader image) {
    int length() {
      return end - at;
    }
  }

  WebpAnimation {
    all = List.copyOf(all);
  }

  @Override
  public ImageFormat format() {
    return ImageFormat.WEBP;
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
    return all.stream().mapToLong(it -> it.image().frameBytes() + it.length()).max().orElse(0);
  }

  @Override
  public long tableBytes() {
    return all.stream().mapToLong(it -> it.image().tableBytes(it.length())).max().orElse(0);
  }
}
