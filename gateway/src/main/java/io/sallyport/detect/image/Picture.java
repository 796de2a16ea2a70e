package io.sallyport.detect.image;

import io.sallyport.detect.embedding.SampleVectors;
import io.sallyport.detect.onnx.Framing;
import java.util.List;
import java.util.Map;

/**
 * A decoded image reduced to what detectors need; made once and shared by all image detectors.
 *
 * <p>Holds no full-resolution pixels: they are weighed into views, in the sRGB values as stored.
 * Everything that a viewer may show has a view: each judged frame of an animation, each
 * orientation, each crop; and where some pixel is not opaque three in place of one, over black,
 * over white and the bare RGB plane, because a client may look at any of them.
 *
 * @param format what the bytes are, by their magic
 * @param width source width as stored, in pixels
 * @param height source height as stored, in pixels
 * @param views by framing, at least one each
 * @param vectors what embedding models made of it, shared by the detectors that stand on one
 */
public record Picture(
    ImageFormat format,
    int width,
    int height,
    Map<Framing, List<View>> views,
    SampleVectors vectors) {

  /** A picture that no model has seen. */
  public Picture(ImageFormat format, int width, int height, Map<Framing, List<View>> views) {
    this(format, width, height, views, new SampleVectors());
  }

  /** The views for a model of this framing. */
  public List<View> views(Framing framing) {
    List<View> found = views.get(framing);
    if (found == null) {
      throw new IllegalArgumentException("no view was asked for of " + framing);
    }
    return found;
  }

  /** The pixels of the views for a model of a plain square. */
  public List<float[]> views(int side) {
    return views(Framing.square(side)).stream().map(View::pixels).toList();
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Picture[" + format + ", " + width + "x" + height + "]";
  }
}
