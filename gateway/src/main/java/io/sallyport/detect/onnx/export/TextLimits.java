package io.sallyport.detect.onnx.export;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** How many tokens a text model reads at once. */
final class TextLimits {
  static final int LEAST = 8;
  static final int MOST = 8192;
  private static final int USUAL = 512;

  /** Their positions begin after the padding token's: two of them are no places for tokens. */
  private static final Set<String> SHIFTED = Set.of("roberta", "xlm-roberta", "camembert", "mpnet");

  private static final int SHIFT = 2;

  private TextLimits() {}

  /** The same for a model that reads {@link #USUAL} tokens where no file says how many. */
  static int maxTokens(JsonNode config, ExportFolder folder, Notes notes) {
    return maxTokens(config, USUAL, folder, notes);
  }

  /**
   * The card's {@code max_tokens}: the least that a file of the export says.
   *
   * @param usual what it is where none does
   */
  static int maxTokens(JsonNode config, int usual, ExportFolder folder, Notes notes) {
    boolean shifted = SHIFTED.contains(config.path("model_type").asString(""));
    int positions = sensible(config.path("max_position_embeddings"), shifted ? SHIFT : 0);
    int tokenizer = sensible(folder.json("tokenizer_config.json").path("model_max_length"), 0);
    int sentences = sensible(folder.json("sentence_bert_config.json").path("max_seq_length"), 0);
    int least = Math.min(positions, Math.min(tokenizer, sentences));
    if (least > MOST) {
      notes.assumed("max_tokens", String.valueOf(usual), "no file says how many");
      return usual;
    }
    String from =
        least == positions
            ? "max_position_embeddings in config.json"
                + (shifted ? ", of which " + SHIFT + " hold no token" : "")
            : least == tokenizer
                ? "model_max_length in tokenizer_config.json"
                : "max_seq_length in sentence_bert_config.json";
    notes.took("max_tokens", String.valueOf(least), from);
    return least;
  }

  /** A number that can be meant; some exports say 10^30 for "no limit". */
  private static int sensible(JsonNode number, int less) {
    double value = number.asDouble(Double.MAX_VALUE) - less;
    return value >= LEAST && value <= MOST ? (int) value : Integer.MAX_VALUE;
  }
}
