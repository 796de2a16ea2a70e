package io.sallyport.detect.onnx.export;

import io.sallyport.detect.onnx.GraphShape;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The families of models that place texts and pictures in one space, each by a graph of its own.
 */
enum Tower {
  /** Contrastive Language-Image Pre-training; its towers end with a projection into the space. */
  CLIP("clip", "text_embeds", "image_embeds", 77),

  /** Its text tower was trained on padded texts alone, without a mask, and reads the padding. */
  SIGLIP("siglip", "pooler_output", "pooler_output", 64);

  private final String family;
  private final String text;
  private final String image;
  private final int tokens;

  Tower(String family, String text, String image, int tokens) {
    this.family = family;
    this.text = text;
    this.image = image;
    this.tokens = tokens;
  }

  /** The family of an export, by {@code model_type}; empty for a model without towers. */
  static Optional<Tower> of(JsonNode config) {
    String type = config.path("model_type").asString("").replaceAll("_(text|vision)_model$", "");
    return Arrays.stream(values()).filter(tower -> tower.family.equals(type)).findFirst();
  }

  /** The output of the text tower that is in the space. */
  String text() {
    return text;
  }

  /** The output of the image tower that is in the space. */
  String image() {
    return image;
  }

  /** How many tokens the family reads where no file says it. */
  int tokens() {
    return tokens;
  }

  /** Whether texts are padded even where the graph takes any length. */
  boolean alwaysPadded() {
    return this == SIGLIP;
  }

  /**
   * The length of the vectors that an output gives; of no use when a problem was recorded.
   *
   * @param tensor the output that is in the space
   */
  static long size(
      String graph, GraphShape shape, String tensor, ExportFolder folder, Notes notes) {
    GraphShape.Port port = shape.outputs().get(tensor);
    if (port == null
        || port.type() != GraphShape.Type.FLOAT32
        || port.shape().size() != 2
        || port.size(1) < 1
        || port.size(1) > VectorCard.SIZE_MAX) {
      folder.problem(
          graph,
          "gives "
              + shape.outputs().keySet()
              + "; expected '"
              + tensor
              + "', float32, one vector of a fixed size: another output is not in the space that"
              + " texts and pictures share");
      return 1;
    }
    notes.took("vectors", tensor + ", " + port.size(1) + " numbers", "the graph");
    return port.size(1);
  }

  /** What {@code config.json} says of the text tower. */
  static JsonNode textConfig(JsonNode config) {
    return config.path("text_config").isObject() ? config.path("text_config") : config;
  }
}
