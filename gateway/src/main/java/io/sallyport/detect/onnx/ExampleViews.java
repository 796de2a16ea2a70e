package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import java.util.List;
import java.util.Map;

/**
 * Makes the views of a card's examples.
 *
 * @param files the model's verified files by name
 */
record ExampleViews(ExamplePictures pictures, Map<String, byte[]> files) {
  List<float[]> of(ImageExample.TestPicture picture, Framing framing) throws UnavailableException {
    return switch (picture) {
      case ImageExample.Drawn drawn -> List.of(drawn.view(framing.width(), framing.height()));
      case ImageExample.Stored stored -> {
        byte[] bytes = files.get(stored.file());
        if (bytes == null) {
          throw new IllegalStateException("the card names no file " + stored.file());
        }
        yield pictures.views(bytes, framing);
      }
    };
  }
}
