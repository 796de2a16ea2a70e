package io.sallyport.detect.onnx.export;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.GraphShape;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageExample;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drafts the card of the image half of a {@link Tower}. */
final class ImageTower {
  private static final String LIKE_ITSELF =
      "{input: {gradient: true}, expect: {like: {gradient: true}, cosine: 1.0}, tolerance: 0.001}";

  private final ExportFolder folder;
  private final Notes notes;

  ImageTower(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  /**
   * The draft; what is wrong is recorded, and the draft of no use then.
   *
   * @param input the card's {@code input}
   */
  CardDraft draft(Tower tower, String graph, GraphShape shape, String input) {
    long size = Tower.size(graph, shape, tower.image(), folder, notes);
    notes.assumed("normalise", "true", "concepts compare directions");
    return new CardDraft(
        "image-embedding",
        input,
        "{tensor: " + tower.image() + ", size: " + size + ", normalise: true}",
        List.of(),
        LIKE_ITSELF,
        ImageTower::ask);
  }

  private static List<String> ask(LoadedModel loaded, double tolerance)
      throws UnavailableException {
    ImageEmbeddingModel model = (ImageEmbeddingModel) loaded;
    List<String> examples = new ArrayList<>();
    String first = "";
    float[] vector = {};
    for (Map.Entry<String, ImageExample.Drawn> picture : ImageCard.PICTURES.entrySet()) {
      float[] placed = embed(model, picture.getValue());
      if (first.isEmpty()) {
        first = picture.getKey();
        vector = placed;
        examples.add(example(first, "{vector: " + VectorCard.start(vector) + "}", tolerance));
      } else {
        String cosine = ScoreKeys.decimal(Vectors.cosine(vector, placed));
        String like = "{like: " + picture.getKey() + ", cosine: " + cosine + "}";
        examples.add(example(first, like, tolerance));
      }
    }
    return examples;
  }

  private static String example(String input, String expect, double tolerance) {
    return "{input: " + input + ", expect: " + expect + ", tolerance: " + tolerance + "}";
  }

  private static float[] embed(ImageEmbeddingModel model, ImageExample.Drawn picture)
      throws UnavailableException {
    Framing framing = model.framing();
    float[] vector = new float[model.size()];
    model.embed(picture.view(framing.width(), framing.height()), vector, Patience.endNanos());
    return vector;
  }
}
