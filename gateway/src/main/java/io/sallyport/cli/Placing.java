package io.sallyport.cli;

import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.Embedder;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.image.PictureVectors;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageScorer;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.text.PromptNormalizer;
import io.sallyport.detect.text.PromptVectors;
import io.sallyport.signal.Stage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The way from a line to its vectors, which is the gateway's: all forms, windows and views. */
interface Placing {
  /** Far beyond any model's own deadline. */
  long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Length of the vectors. */
  int size();

  /** The vectors of a line; at least one, distinct unless the model places two alike. */
  List<float[]> vectors(String line) throws UnavailableException;

  /**
   * The way of a model.
   *
   * @param list where relative paths start
   * @throws UserException when it gives no vectors
   */
  static Placing of(LoadedModel model, Path list) {
    return switch (model) {
      case TextModel text -> new Texts(new PromptVectors(text, false));
      case ImageEmbeddingModel image ->
          new Pictures(
              new PictureVectors(image, false),
              new PictureReader(ImageLimits.DEFAULTS, Set.of(image.framing())),
              list);
      case ImageScorer other -> throw noVectors(model);
      case RemoteModel other -> throw noVectors(model);
      case TextClassifierModel other -> throw noVectors(model);
      case HeadModel other -> throw noVectors(model);
    };
  }

  private static UserException noVectors(LoadedModel model) {
    return new UserException(
        model.card().name() + " gives no vectors; embed with a text-embedding or image-embedding");
  }

  private static <S> List<float[]> collect(Embedder<S> embedder, S sample)
      throws UnavailableException {
    List<float[]> vectors = new ArrayList<>();
    embedder.each(
        sample, System.nanoTime() + PATIENCE_NANOS, vector -> vectors.add(vector.clone()));
    return vectors;
  }

  /** Lines are texts. */
  record Texts(PromptVectors vectors, PromptNormalizer normalizer) implements Placing {
    Texts(PromptVectors vectors) {
      this(vectors, new PromptNormalizer());
    }

    @Override
    public int size() {
      return vectors.size();
    }

    @Override
    public List<float[]> vectors(String line) throws UnavailableException {
      return collect(vectors, normalizer.prepare(new Sample.Text(Stage.PROMPT, line)));
    }
  }

  /** Lines are paths of pictures. */
  record Pictures(PictureVectors vectors, PictureReader reader, Path list) implements Placing {
    @Override
    public int size() {
      return vectors.size();
    }

    @Override
    public List<float[]> vectors(String line) throws UnavailableException {
      return collect(
          vectors,
          reader.prepare(
              new Sample.Image(Stage.OUTPUT_IMAGE, ByteBuffer.wrap(PictureFile.read(list, line)))));
    }
  }
}
