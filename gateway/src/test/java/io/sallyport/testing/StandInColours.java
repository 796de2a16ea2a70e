package io.sallyport.testing;

import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Two encoders of one space, as CLIP has them, and a head on one: a space of four numbers, for red,
 * green, blue and nothing of these. Pictures are placed by the area of each colour, texts by the
 * words for them. Their cards are the documented ones.
 */
public final class StandInColours {
  /** The image embedding's name, and so its folder's. */
  public static final String PICTURES = "colours";

  /** The text embedding's. */
  public static final String WORDS = "colour-words";

  /** The head's, which stands on {@link #PICTURES}. */
  public static final String HEAD = "reds";

  private static final int SIDE = 16;
  private static final int SIZE = 4;
  private static final List<String> VOCABULARY =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "##s", "red", "green", "blue", "a", "circle",
          "square");

  private StandInColours() {}

  /** Writes all three folders below {@code models}. */
  public static void writeInto(Path models) throws IOException {
    write(models, PICTURES, pictures());
    write(models, HEAD, head());
    Path words = write(models, WORDS, words());
    Files.writeString(words.resolve("tokenizer.json"), tokenizer());
  }

  private static Path write(Path models, String name, byte[] graph) throws IOException {
    Path folder = Files.createDirectories(models.resolve(name));
    Files.write(folder.resolve("model.onnx"), graph);
    Files.writeString(folder.resolve("model.yaml"), card(name));
    return folder;
  }

  /** The card of this model in models-README.md, which pins this very graph. */
  private static String card(String name) throws IOException {
    return MarkdownFile.read("models-README.md").blocks("yaml").stream()
        .filter(block -> block.startsWith("model: " + name + "\n"))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Per pixel how far each colour stands above half the other two, less a little, so that pale
   * pictures show none of them; the mean over all pixels, and 0.02 for nothing.
   */
  private static byte[] pictures() {
    float h = -0.5f;
    return new OnnxWriter(PICTURES)
        .input("pixels", ElementType.FLOAT32, Dim.of(1), Dim.of(3), Dim.of(SIDE), Dim.of(SIDE))
        .floats("mix", new long[] {SIZE, 3, 1, 1}, 1, h, h, h, 1, h, h, h, 1, 0, 0, 0)
        .floats("least", new long[] {SIZE}, -0.2f, -0.2f, -0.2f, 0.02f)
        .node("Conv", List.of("pixels", "mix", "least"), "distances")
        .node("Relu", List.of("distances"), "colours")
        .node("GlobalAveragePool", List.of("colours"), "areas")
        .node("Flatten", List.of("areas"), "image_embeds")
        .output("image_embeds", ElementType.FLOAT32, Dim.of(1), Dim.of(SIZE))
        .toBytes();
  }

  /** The strongest of all words, for each of the four. */
  private static byte[] words() {
    float[] rows = new float[VOCABULARY.size() * SIZE];
    for (int word = 0; word < VOCABULARY.size(); word++) {
      rows[word * SIZE + 3] = 0.05f;
    }
    for (int colour = 0; colour < 3; colour++) {
      rows[(VOCABULARY.indexOf("red") + colour) * SIZE + colour] = 1;
    }
    return new OnnxWriter(WORDS)
        .input("input_ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
        .floats("rows", new long[] {VOCABULARY.size(), SIZE}, rows)
        .node("Gather", List.of("rows", "input_ids"), "found")
        .node(
            "ReduceMax",
            List.of("found"),
            "text_embeds",
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 0))
        .output("text_embeds", ElementType.FLOAT32, Dim.named("batch"), Dim.of(SIZE))
        .toBytes();
  }

  /** One logit: 10 for all red, -5 for none. */
  private static byte[] head() {
    return new OnnxWriter(HEAD)
        .input("vector", ElementType.FLOAT32, Dim.of(1), Dim.of(SIZE))
        .floats("weights", new long[] {1, SIZE}, 15, 0, 0, 0)
        .floats("biases", new long[] {1}, -5)
        .node(
            "Gemm", List.of("vector", "weights", "biases"), "logits", Attribute.number("transB", 1))
        .output("logits", ElementType.FLOAT32, Dim.of(1), Dim.of(1))
        .toBytes();
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
