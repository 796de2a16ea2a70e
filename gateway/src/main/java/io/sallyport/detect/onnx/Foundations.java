package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problems;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds every head against the embedding model that it stands on. */
final class Foundations {
  private Foundations() {}

  /**
   * Records a problem for each head whose embedding model is of another kind, of another size, or
   * not the version that the head's card pins. One that is missing has told its own problem.
   *
   * @param models by name
   */
  static void check(Map<String, LoadedModel> models, Problems problems) {
    for (LoadedModel model : models.values()) {
      if (model instanceof HeadModel head) {
        LoadedModel below = models.get(head.input().embedding());
        String wrong = below == null ? null : wrong(head.input(), below);
        if (wrong != null) {
          problems.add(head.card().file(), head.input().line(), "input.embedding: " + wrong);
        }
      }
    }
  }

  private static @Nullable String wrong(VectorInput input, LoadedModel below) {
    String name = "model '" + input.embedding() + "' ";
    int size =
        switch (below) {
          case TextModel text -> text.size();
          case ImageEmbeddingModel image -> image.size();
          case ImageScorer image -> 0;
          case RemoteModel remote -> 0;
          case TextClassifierModel text -> 0;
          case HeadModel head -> 0;
        };
    if (size == 0) {
      return name + "gives no vectors";
    }
    if (size != input.size()) {
      return name + "gives vectors of " + size + " numbers, the head reads " + input.size();
    }
    boolean another = input.digest() != null && !input.digest().equals(below.digest());
    return another ? name + "has another digest: " + below.digest() : null;
  }
}
