package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.Embedder;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ModelCard;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The vectors of a picture by one image embedding model: one for each view. */
public final class PictureVectors implements Embedder<Picture> {
  private final ImageEmbeddingModel model;
  private final boolean shared;

  /**
   * @param model stays its owner's to close
   * @param shared whether several detectors stand on this model, so that the vectors are kept with
   *     the picture; a lone one needs no copies
   */
  public PictureVectors(ImageEmbeddingModel model, boolean shared) {
    this.model = model;
    this.shared = shared;
  }

  @Override
  public Set<Stage> stages() {
    return Stage.OF_IMAGES;
  }

  @Override
  public String digest() {
    return model.digest();
  }

  @Override
  public ModelCard card() {
    return model.card();
  }

  @Override
  public int size() {
    return model.size();
  }

  /** The model itself. */
  ImageEmbeddingModel model() {
    return model;
  }

  /** {@inheritDoc} */
  @Override
  public void each(Picture picture, long deadlineNanos, Reader reader) throws UnavailableException {
    long end = model.card().endNanos(deadlineNanos);
    if (shared) {
      for (float[] vector : picture.vectors().by(model.digest(), () -> all(picture, end))) {
        reader.read(vector);
      }
    } else {
      place(picture, end, reader);
    }
  }

  /** Hands out one vector after the other, all in the same room. */
  private void place(Picture picture, long end, Reader reader) throws UnavailableException {
    float[] vector = new float[model.size()];
    for (View view : picture.views(model.framing())) {
      model.embed(view.pixels(), vector, end);
      reader.read(vector);
    }
  }

  private List<float[]> all(Picture picture, long end) throws UnavailableException {
    List<float[]> vectors = new ArrayList<>();
    place(picture, end, vector -> vectors.add(vector.clone()));
    return vectors;
  }
}
