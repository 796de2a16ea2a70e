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
import java.util.Arrays;
import java.util.List;

/**
 * Folders as Optimum lays them out, around graphs with the inputs and outputs of its exports. The
 * models know two words, or one colour, and nothing else.
 */
public final class Exports {
  /** More tokens than any tokenizer of {@link Goldens} has. */
  private static final int ROWS = 2000;

  private static final int LABELS = 3;
  private static final int SIZE = 4;

  private Exports() {}

  /**
   * A text model.
   *
   * @param folder the export's name
   * @param family {@code model_type}
   * @param architecture the class that was exported
   * @param tokenizer one of {@link Goldens#FAMILIES}
   * @param inputs the graph's
   * @param graph where it lies in the folder
   * @param more keys of {@code config.json}, each followed by a comma
   */
  public record Text(
      String folder,
      String family,
      String architecture,
      String tokenizer,
      List<String> inputs,
      String graph,
      String more) {

    /** Writes a classifier with the labels airship, bicycle and other. */
    public Path writeClassifier(Path parent) throws IOException {
      Tokenizer words = Goldens.open(tokenizer);
      float[] rows = new float[ROWS * LABELS];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i % LABELS == 2 ? 2 : -4;
      }
      rows[token(words, "zeppelin") * LABELS] = 9;
      rows[token(words, "bicycle") * LABELS + 1] = 9;
      OnnxWriter graph = found(rows, LABELS);
      graph
          .node(
              "ReduceMax",
              List.of("found"),
              "logits",
              Attribute.numbers("axes", 1),
              Attribute.number("keepdims", 0))
          .output("logits", ElementType.FLOAT32, Dim.named("batch_size"), Dim.of(LABELS));
      return write(
          parent,
          "\"id2label\": {\"0\": \"airship\", \"1\": \"bicycle\", \"2\": \"other\"}," + more,
          graph.toBytes());
    }

    /** Writes a model of vectors in which zeppelin, bicycle and all else are at right angles. */
    public Path writeVectors(Path parent) throws IOException {
      Tokenizer words = Goldens.open(tokenizer);
      float[] rows = new float[ROWS * SIZE];
      for (int i = 0; i < ROWS; i++) {
        rows[i * SIZE + 2] = 0.1f;
      }
      Arrays.fill(rows, token(words, "zeppelin") * SIZE, token(words, "zeppelin") * SIZE + 1, 5);
      rows[token(words, "bicycle") * SIZE + 1] = 5;
      OnnxWriter graph = found(rows, SIZE);
      graph
          .node("Identity", List.of("found"), "last_hidden_state")
          .output(
              "last_hidden_state",
              ElementType.FLOAT32,
              Dim.named("batch_size"),
              Dim.named("sequence_length"),
              Dim.of(SIZE));
      return write(parent, more, graph.toBytes());
    }

    /** Mask and types take part, so that feeding anything but ones and zeros would show. */
    private OnnxWriter found(float[] rows, int columns) {
      OnnxWriter writer = new OnnxWriter(folder);
      for (String input : inputs) {
        writer.input(
            input, ElementType.INT64, Dim.named("batch_size"), Dim.named("sequence_length"));
      }
      writer.floats("rows", new long[] {rows.length / columns, columns}, rows);
      String ids = "input_ids";
      if (inputs.contains("attention_mask")) {
        writer.node("Mul", List.of(ids, "attention_mask"), "attended");
        ids = "attended";
      }
      if (inputs.contains("token_type_ids")) {
        writer.node("Add", List.of(ids, "token_type_ids"), "typed");
        ids = "typed";
      }
      return writer.node("Gather", List.of("rows", ids), "found");
    }

    private Path write(Path parent, String more, byte[] onnx) throws IOException {
      Path export = Files.createDirectories(parent.resolve(folder));
      Files.createDirectories(export.resolve(graph).getParent());
      Files.write(export.resolve(graph), onnx);
      Files.writeString(export.resolve("tokenizer.json"), Goldens.json(tokenizer));
      Files.writeString(
          export.resolve("tokenizer_config.json"),
          "{\"model_max_length\": 512, \"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
      Files.writeString(
          export.resolve("config.json"),
          """
          {"_name_or_path": "stand-ins/%s", "architectures": ["%s"], "model_type": "%s", %s
           "max_position_embeddings": 514, "vocab_size": %d, "transformers_version": "4.57.1"}
          """
              .formatted(folder, architecture, family, more, ROWS));
      return export;
    }

    private static int token(Tokenizer tokenizer, String word) {
      int[] ids = new int[4];
      if (tokenizer.encode("a " + word, ids) != 2) {
        throw new IllegalStateException(word + " is not one token");
      }
      return ids[1];
    }
  }

  /**
   * An image classifier with the labels magenta and other, by how far red and blue are above green.
   *
   * @param folder the export's name
   * @param family {@code model_type}
   * @param architecture the class that was exported
   * @param side what the graph declares for height and width; 0 to leave them open
   * @param preprocessor {@code preprocessor_config.json}
   */
  public record Image(
      String folder, String family, String architecture, int side, String preprocessor) {

    public Path write(Path parent) throws IOException {
      Path export = Files.createDirectories(parent.resolve(folder));
      Files.write(export.resolve("model.onnx"), graph());
      Files.writeString(export.resolve("preprocessor_config.json"), preprocessor);
      Files.writeString(
          export.resolve("config.json"),
          """
          {"architectures": ["%s"], "model_type": "%s", "id2label": {"0": "magenta", "1": "other"},
           "problem_type": "single_label_classification", "torch_dtype": "float32"}
          """
              .formatted(architecture, family));
      return export;
    }

    private byte[] graph() {
      Dim channels = side == 0 ? Dim.named("num_channels") : Dim.of(3);
      Dim height = side == 0 ? Dim.named("height") : Dim.of(side);
      Dim width = side == 0 ? Dim.named("width") : Dim.of(side);
      return new OnnxWriter(folder)
          .input("pixel_values", ElementType.FLOAT32, Dim.named("batch"), channels, height, width)
          .floats("slopes", new long[] {1, 3, 1, 1}, 1, -2, 1)
          .floats("offset", new long[] {1}, -2)
          .node("Conv", List.of("pixel_values", "slopes", "offset"), "distance")
          .node("Relu", List.of("distance"), "magenta")
          .node("GlobalAveragePool", List.of("magenta"), "mean")
          .node("Flatten", List.of("mean"), "flat")
          .floats("weights", new long[] {1, 2}, 60, -60)
          .floats("bias", new long[] {2}, -4, 4)
          .node("Gemm", List.of("flat", "weights", "bias"), "logits")
          .output("logits", ElementType.FLOAT32, Dim.named("batch_size"), Dim.of(2))
          .toBytes();
    }
  }
}
