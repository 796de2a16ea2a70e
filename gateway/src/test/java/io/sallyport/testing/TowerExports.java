package io.sallyport.testing;

import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import io.sallyport.detect.tokens.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder with a model of texts and one of pictures in the same space, as CLIP and SigLIP are
 * exported: red, blue, and nothing of these. Pictures are placed by the area of each colour, texts
 * by the words for them.
 *
 * @param folder the export's name
 * @param family {@code model_type}
 * @param tokenizer one of {@link Goldens#FAMILIES}; it knows red and blue as one token each
 * @param text the text graph's output
 * @param image the image graph's output
 * @param tokens what the text graph declares for the length of a text; 0 to leave it open
 */
public record TowerExports(
    String folder, String family, String tokenizer, String text, String image, int tokens) {
  public static final String TEXT_GRAPH = "onnx/text_model.onnx";
  public static final String IMAGE_GRAPH = "onnx/vision_model.onnx";

  private static final int ROWS = 2000;
  private static final int SIZE = 3;

  /** The layout and the names of CLIP's export. */
  public static TowerExports clip(int tokens) {
    return new TowerExports("clip", "clip", "clip", "text_embeds", "image_embeds", tokens);
  }

  /** SigLIP's, with a tokenizer as SigLIP 2 has it: one end, bytes for unknown characters. */
  public static TowerExports siglip() {
    return new TowerExports("siglip", "siglip", "gemma", "pooler_output", "pooler_output", 0);
  }

  /** Writes the folder. */
  public Path write(Path parent) throws IOException {
    Path export = Files.createDirectories(parent.resolve(folder));
    Files.createDirectories(export.resolve("onnx"));
    Files.write(export.resolve(TEXT_GRAPH), texts());
    Files.write(export.resolve(IMAGE_GRAPH), pictures());
    Files.writeString(export.resolve("tokenizer.json"), Goldens.json(tokenizer));
    String pad = family.equals("clip") ? "<|endoftext|>" : "<pad>";
    Files.writeString(
        export.resolve("tokenizer_config.json"),
        "{\"model_max_length\": %d, \"pad_token\": \"%s\"}".formatted(length(), pad));
    Files.writeString(
        export.resolve("config.json"),
        """
        {"architectures": ["Model"], "model_type": "%s", "projection_dim": %d,
         "text_config": {"model_type": "%s_text_model"},
         "vision_config": {"model_type": "%s_vision_model", "image_size": 16}}
        """
            .formatted(family, SIZE, family, family));
    Files.writeString(
        export.resolve("preprocessor_config.json"),
        """
        {"crop_size": {"height": 16, "width": 16}, "do_center_crop": true, "do_convert_rgb": true,
         "do_normalize": true, "do_rescale": true, "do_resize": true, "resample": 3,
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
         "image_processor_type": "CLIPImageProcessor", "rescale_factor": 0.00392156862745098,
         "size": {"shortest_edge": 16}}
        """);
    return export;
  }

  /** How many tokens the tokenizer's file says. */
  private int length() {
    return family.equals("clip") ? 77 : 64;
  }

  /** The strongest of all words; the tokens at the ends and the padding show nothing. */
  private byte[] texts() {
    Tokenizer words = Goldens.open(tokenizer);
    float[] rows = new float[ROWS * SIZE];
    for (int row = 0; row < ROWS; row++) {
      rows[row * SIZE + 2] = 0.05f;
    }
    rows[token(words, "red") * SIZE] = 1;
    rows[token(words, "blue") * SIZE + 1] = 1;
    Dim length = tokens == 0 ? Dim.named("sequence_length") : Dim.of(tokens);
    return new OnnxWriter(folder)
        .input("input_ids", ElementType.INT64, Dim.named("batch_size"), length)
        .floats("rows", new long[] {ROWS, SIZE}, rows)
        .node("Gather", List.of("rows", "input_ids"), "found")
        .node(
            "ReduceMax",
            List.of("found"),
            text,
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 0))
        .output(text, ElementType.FLOAT32, Dim.named("batch_size"), Dim.of(SIZE))
        .toBytes();
  }

  private static int token(Tokenizer tokenizer, String word) {
    int[] ids = new int[4];
    if (tokenizer.encode("a " + word, ids) != 2) {
      throw new IllegalStateException(word + " is not one token");
    }
    return ids[1];
  }

  /** Pixels come from -1 to 1; pale ones show no colour. */
  private byte[] pictures() {
    float h = -0.5f;
    return new OnnxWriter(folder)
        .input(
            "pixel_values",
            ElementType.FLOAT32,
            Dim.named("batch_size"),
            Dim.named("num_channels"),
            Dim.named("height"),
            Dim.named("width"))
        .floats("mix", new long[] {SIZE, 3, 1, 1}, 1, h, h, h, h, 1, 0, 0, 0)
        .floats("least", new long[] {SIZE}, -0.4f, -0.4f, 0.02f)
        .node("Conv", List.of("pixel_values", "mix", "least"), "distances")
        .node("Relu", List.of("distances"), "colours")
        .node("GlobalAveragePool", List.of("colours"), "areas")
        .node("Flatten", List.of("areas"), image)
        .output(image, ElementType.FLOAT32, Dim.named("batch_size"), Dim.of(SIZE))
        .toBytes();
  }
}
