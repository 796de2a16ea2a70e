package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;

/** Opens the image files that cards give as examples. */
@FunctionalInterface
public interface ExamplePictures {
  /** Opens none. */
  ExamplePictures NONE =
      (file, framing) -> {
        throw new UnavailableException(Cause.UNSUPPORTED, "no image files are read here");
      };

  /**
   * Reads an image as a request's would be read.
   *
   * @param file the content of an image file
   * @return every view that the model must be asked about, each {@link Framing#numbers()} long
   * @throws UnavailableException when it is no image that is judged here, or beyond a cap
   */
  List<float[]> views(byte[] file, Framing framing) throws UnavailableException;
}
