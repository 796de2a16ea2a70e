package io.sallyport.detect.onnx.export;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.GraphShape;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Drafts the cards of text models: BERT and its relatives, to scores or to vectors. */
final class TextCard {
  static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";

  private static final Set<String> FAMILIES =
      new TreeSet<>(
          Set.of(
              "albert",
              "bert",
              "camembert",
              "deberta",
              "deberta-v2",
              "distilbert",
              "electra",
              "mpnet",
              "roberta",
              "xlm-roberta"));

  /** A text classifier was trained on whole texts, so that its windows are long. */
  private static final int CLASSIFIER_WINDOW = 512;

  private static final List<String> TEXTS =
      List.of(
          "a cat asleep on a stack of books",
          "two red bicycles in front of a bakery",
          "the harbour at dawn");

  private final ExportFolder folder;
  private final Notes notes;

  TextCard(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  /** The draft; what is wrong is recorded, and the draft of no use then. */
  CardDraft draft(JsonNode config, String graph, GraphShape shape, Tokenizer.Factory tokenizers) {
    String family = config.path("model_type").asString("");
    Optional<Tower> tower = Tower.of(config);
    if (!FAMILIES.contains(family) && tower.isEmpty()) {
      folder.problem("config.json", "model_type '" + family + "' is none of " + FAMILIES);
    }
    OptionalInt fixed = inputs(graph, shape, tower.isPresent());
    TokenizerCheck tokenizer = new TokenizerCheck(folder, notes);
    tokenizer.run(tokenizers);
    if (tower.isPresent()) {
      return new TextTower(folder, notes)
          .draft(tower.get(), config, graph, shape, fixed, tokenizer);
    }
    int maxTokens = TextLimits.maxTokens(config, folder, notes);
    Optional<String> vectors = shape.output("last_hidden_state", "token_embeddings");
    return vectors.isPresent()
        ? new VectorCard(folder, notes).draft(graph, shape, vectors.get(), maxTokens)
        : classifier(config, graph, shape, maxTokens);
  }

  private CardDraft classifier(JsonNode config, String graph, GraphShape shape, int maxTokens) {
    String architecture = config.path("architectures").path(0).asString("");
    if (!architecture.isEmpty() && !architecture.endsWith("ForSequenceClassification")) {
      folder.problem("config.json", "'" + architecture + "' gives no label for a text");
    }
    int window = Math.min(maxTokens, CLASSIFIER_WINDOW);
    notes.assumed(
        "windows",
        window + " tokens, one every " + window / 2,
        "the classifier was trained on whole texts");
    ScoreKeys scores = ScoreKeys.of(config, graph, shape, folder, notes);
    return new CardDraft(
        "text-classifier",
        input(shape, maxTokens, window, window / 2, OptionalInt.empty()),
        scores.yaml(),
        List.of(TokenizerCheck.FILE),
        scores.loose("{text: \"a\"}"),
        TextCard::ask);
  }

  /**
   * Looks at what the graph is fed with.
   *
   * @param padded whether it may take texts of one length only
   * @return the one length; empty for any
   */
  private OptionalInt inputs(String graph, GraphShape shape, boolean padded) {
    GraphShape.Port ids = shape.inputs().get(IDS);
    long fixed = padded && ids != null ? ids.size(1) : -1;
    shape
        .inputs()
        .forEach(
            (name, port) -> {
              if (!Set.of(IDS, MASK, TYPES).contains(name)) {
                folder.problem(graph, "takes '" + name + "', which nobody can feed");
              } else if (port.type() != GraphShape.Type.INT64
                  || port.shape().size() != 2
                  || port.size(1) != fixed) {
                folder.problem(
                    graph, "'" + name + "' is not int64 of one text and any number of tokens");
              }
            });
    notes.took("inputs", String.join(", ", shape.inputs().keySet()), "the graph");
    if (fixed >= 0 && (fixed < TextLimits.LEAST || fixed > TextLimits.MOST)) {
      folder.problem(graph, "takes texts of " + fixed + " tokens");
    }
    return fixed < 0 ? OptionalInt.empty() : OptionalInt.of((int) fixed);
  }

  /** The card's {@code input}. */
  static String input(GraphShape shape, int maxTokens, int window, int stride, OptionalInt pad) {
    return "{tokenizer: "
        + TokenizerCheck.FILE
        + ", ids: "
        + IDS
        + (shape.inputs().containsKey(MASK) ? ", mask: " + MASK : "")
        + (shape.inputs().containsKey(TYPES) ? ", types: " + TYPES : "")
        + ", max_tokens: "
        + maxTokens
        + ", beyond: windows, window: "
        + window
        + ", stride: "
        + stride
        + (pad.isPresent() ? ", pad: " + pad.getAsInt() : "")
        + "}";
  }

  private static List<String> ask(LoadedModel loaded, double tolerance)
      throws UnavailableException {
    TextClassifierModel model = (TextClassifierModel) loaded;
    List<String> examples = new ArrayList<>();
    for (String text : TEXTS) {
      double[] scores = model.strongest(model.windows(text, 64), Patience.endNanos());
      String input = "{text: " + Quoted.of(text) + "}";
      examples.add(ScoreKeys.example(input, model.labels(), scores, tolerance));
    }
    return examples;
  }

  /** Whether the graph reads tokens. */
  static boolean fits(GraphShape shape) {
    return shape.inputs().containsKey(IDS);
  }
}
