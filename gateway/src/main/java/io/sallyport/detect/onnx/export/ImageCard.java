package io.sallyport.detect.onnx.export;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.GraphShape;
import io.sallyport.detect.onnx.ImageExample;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Drafts the card of an image classifier (ViT, Swin, convolutional networks) or image tower. */
final class ImageCard {
  private static final String PIXELS = "pixel_values";
  private static final int CHANNELS = 3;

  /** What the model is shown, as a card spells it: white, grey, and a gradient. */
  static final Map<String, ImageExample.Drawn> PICTURES = pictures();

  private final ExportFolder folder;
  private final Notes notes;

  ImageCard(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  private static Map<String, ImageExample.Drawn> pictures() {
    Map<String, ImageExample.Drawn> pictures = new LinkedHashMap<>();
    pictures.put("{fill: [255, 255, 255]}", new ImageExample.Fill(255, 255, 255));
    pictures.put("{fill: [128, 128, 128]}", new ImageExample.Fill(128, 128, 128));
    pictures.put("{gradient: true}", new ImageExample.Gradient());
    return pictures;
  }

  /** The draft; what is wrong is recorded, and the draft of no use then. */
  CardDraft draft(JsonNode config, String graph, GraphShape shape) {
    if (shape.inputs().size() != 1) {
      folder.problem(
          graph, "takes " + shape.inputs().keySet() + "; a model of pictures takes pixels alone");
    }
    String input = input(graph, shape);
    Optional<Tower> tower = Tower.of(config);
    return tower.isPresent()
        ? new ImageTower(folder, notes).draft(tower.get(), graph, shape, input)
        : classifier(config, graph, shape, input);
  }

  private String input(String graph, GraphShape shape) {
    String layout = layout(graph, Optional.ofNullable(shape.inputs().get(PIXELS)).orElseThrow());
    String keys = new PixelKeys(folder.json(PixelKeys.FILE), folder, notes).yaml();
    return "{tensor: " + PIXELS + ", layout: " + layout + ", " + keys + "}";
  }

  private CardDraft classifier(JsonNode config, String graph, GraphShape shape, String input) {
    String architecture = config.path("architectures").path(0).asString("");
    if (!architecture.isEmpty() && !architecture.endsWith("ForImageClassification")) {
      folder.problem("config.json", "'" + architecture + "' gives no label for an image");
    }
    ScoreKeys scores = ScoreKeys.of(config, graph, shape, folder, notes);
    return new CardDraft(
        "image-classifier",
        input,
        scores.yaml(),
        List.of(),
        scores.loose("{gradient: true}"),
        ImageCard::ask);
  }

  private String layout(String graph, GraphShape.Port pixels) {
    if (pixels.type() != GraphShape.Type.FLOAT32 || pixels.shape().size() != 4) {
      folder.problem(graph, "'" + PIXELS + "' is not float32 of four dimensions");
    }
    if (pixels.size(1) == CHANNELS) {
      notes.took("layout", "nchw", "the graph");
      return "nchw";
    }
    if (pixels.size(3) == CHANNELS) {
      notes.took("layout", "nhwc", "the graph");
      return "nhwc";
    }
    notes.assumed("layout", "nchw", "the graph leaves its dimensions open");
    return "nchw";
  }

  private static List<String> ask(LoadedModel loaded, double tolerance)
      throws UnavailableException {
    ImageModel model = (ImageModel) loaded;
    Framing framing = model.framing();
    List<String> examples = new ArrayList<>();
    for (Map.Entry<String, ImageExample.Drawn> picture : PICTURES.entrySet()) {
      float[] view = picture.getValue().view(framing.width(), framing.height());
      double[] scores = model.scores(view, Patience.endNanos());
      examples.add(ScoreKeys.example(picture.getKey(), model.labels(), scores, tolerance));
    }
    return examples;
  }

  /** Whether the graph reads pixels. */
  static boolean fits(GraphShape shape) {
    return shape.inputs().containsKey(PIXELS);
  }
}
