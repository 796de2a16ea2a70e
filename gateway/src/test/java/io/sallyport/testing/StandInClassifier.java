package io.sallyport.testing;

import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A text classifier that knows two words, with the inputs and outputs of a BERT export. It has no
 * idea of language: the logit of {@code airship} is 6 where the token {@code zeppelin} stands and
 * -6 elsewhere, that of {@code bicycle} 4 and -4.
 */
public final class StandInClassifier {
  /** The model's name, and so its folder's. */
  public static final String NAME = "airships";

  private static final List<String> VOCABULARY =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "##s", "zeppelin", "bicycle", "a", "green", "square");
  private static final int LABELS = 2;

  private StandInClassifier() {}

  /** Writes the folder {@link #NAME} below {@code models}; the card is the documented one. */
  public static Path writeInto(Path models) throws IOException {
    Path folder = Files.createDirectories(models.resolve(NAME));
    Files.write(folder.resolve("model.onnx"), graph());
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.writeString(folder.resolve("model.yaml"), card());
    return folder;
  }

  /** The card of this kind in models-README.md, which pins this very graph and tokenizer. */
  private static String card() throws IOException {
    return MarkdownFile.read("models-README.md").blocks("yaml").stream()
        .filter(block -> block.contains("kind: text-classifier"))
        .findFirst()
        .orElseThrow();
  }

  /** Mask and types take part, so that feeding anything but ones and zeros would show. */
  private static byte[] graph() {
    return new OnnxWriter(NAME)
        .input("input_ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
        .input("attention_mask", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
        .input("token_type_ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
        .floats("rows", new long[] {VOCABULARY.size(), LABELS}, rows())
        .node("Mul", List.of("input_ids", "attention_mask"), "attended")
        .node("Add", List.of("attended", "token_type_ids"), "typed")
        .node("Gather", List.of("rows", "typed"), "found")
        .node(
            "ReduceMax",
            List.of("found"),
            "logits",
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 0))
        .output("logits", ElementType.FLOAT32, Dim.named("batch"), Dim.of(LABELS))
        .toBytes();
  }

  private static float[] rows() {
    float[] rows = new float[VOCABULARY.size() * LABELS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % LABELS == 0 ? -6 : -4;
    }
    rows[VOCABULARY.indexOf("zeppelin") * LABELS] = 6;
    rows[VOCABULARY.indexOf("bicycle") * LABELS + 1] = 4;
    // Padding is never fed: a mask of zeros would turn every token into it, and find everything.
    Arrays.fill(rows, 0, LABELS, 9);
    return rows;
  }

  private static String tokenizer() {
    StringBuilder vocabulary = new StringBuilder();
    for (int i = 0; i < VOCABULARY.size(); i++) {
      vocabulary.append(i == 0 ? "" : ",").append('"').append(VOCABULARY.get(i)).append("\":");
      vocabulary.append(i);
    }
    return """
    {"normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
      "strip_accents": null, "lowercase": true},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
      "max_input_chars_per_word": 100, "vocab": {%s}}}
    """
        .formatted(vocabulary);
  }
}
