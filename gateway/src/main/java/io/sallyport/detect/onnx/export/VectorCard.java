package io.sallyport.detect.onnx.export;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.GraphShape;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Drafts the card of a sentence model. */
final class VectorCard {
  private static final String POOLING = "1_Pooling/config.json";
  static final int SIZE_MAX = 8192;

  /** An example that every model of texts meets. */
  static final String LOOSE =
      "{input: {text: \"a\"}, expect: {like: \"a\", cosine: 1.0}, tolerance: 0.001}";

  /** A mean over many tokens waters a clause down: concepts want short windows. */
  private static final int WINDOW = 24;

  private static final String TEXT = "a cat asleep on a stack of books";
  private static final List<String> OTHERS =
      List.of("a kitten that sleeps on old novels", "the timetable of a night train");
  private static final int SHOWN = 4;

  private final ExportFolder folder;
  private final Notes notes;

  VectorCard(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  CardDraft draft(String graph, GraphShape shape, String tensor, int maxTokens) {
    GraphShape.Port port = Optional.ofNullable(shape.outputs().get(tensor)).orElseThrow();
    long size = port.size(2);
    if (port.shape().size() != 3 || size < 1 || size > SIZE_MAX) {
      folder.problem(graph, "'" + tensor + "' has no vector of a fixed size for each token");
    }
    int window = Math.min(WINDOW, maxTokens);
    notes.took("vectors", tensor + ", " + size + " numbers", "the graph");
    notes.assumed(
        "windows", window + " tokens, one every " + window / 2, "concepts want short windows");
    String pooling = pooling();
    notes.assumed("normalise", "true", "concepts compare directions");
    return new CardDraft(
        "text-embedding",
        TextCard.input(shape, maxTokens, window, window / 2, OptionalInt.empty()),
        "{tensor: " + tensor + ", size: " + size + ", pooling: " + pooling + ", normalise: true}",
        List.of(TokenizerCheck.FILE),
        LOOSE,
        VectorCard::ask);
  }

  private String pooling() {
    if (folder.has("2_Dense/config.json")) {
      folder.problem("2_Dense", "a layer after the pooling, outside the graph, is not supported");
    }
    if (!folder.has(POOLING)) {
      notes.assumed("pooling", "mean", "no " + POOLING);
      return "mean";
    }
    JsonNode config = folder.json(POOLING);
    List<String> modes =
        config.properties().stream()
            .filter(entry -> entry.getKey().startsWith("pooling_mode_"))
            .filter(entry -> entry.getValue().asBoolean(false))
            .map(Entry::getKey)
            .toList();
    String known =
        Map.of(
                List.of("pooling_mode_mean_tokens"), "mean",
                List.of("pooling_mode_cls_token"), "cls")
            .get(modes);
    if (known == null) {
      folder.problem(POOLING, modes + " is neither the mean nor the first token alone");
      return "mean";
    }
    notes.took("pooling", known, POOLING);
    return known;
  }

  static List<String> ask(LoadedModel loaded, double tolerance) throws UnavailableException {
    TextModel model = (TextModel) loaded;
    float[] vector = embed(model, TEXT);
    List<String> examples = new ArrayList<>();
    for (String other : OTHERS) {
      String cosine = ScoreKeys.decimal(Vectors.cosine(vector, embed(model, other)));
      examples.add(example("{like: " + Quoted.of(other) + ", cosine: " + cosine + "}", tolerance));
    }
    examples.add(example("{vector: " + start(vector) + "}", tolerance));
    return examples;
  }

  /** The first numbers of a vector, as a card's list. */
  static String start(float[] vector) {
    return IntStream.range(0, Math.min(SHOWN, vector.length))
        .mapToObj(i -> ScoreKeys.decimal(vector[i]))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String example(String expect, double tolerance) {
    return "{input: {text: "
        + Quoted.of(TEXT)
        + "}, expect: "
        + expect
        + ", tolerance: "
        + tolerance
        + "}";
  }

  private static float[] embed(TextModel model, String text) throws UnavailableException {
    float[] vector = new float[model.size()];
    model.embed(model.windows(text, 1).getFirst(), vector, Patience.endNanos());
    return vector;
  }
}
