package io.sallyport.cli;

import io.sallyport.detect.embedding.VectorIndex;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.ImportOutcome;
import io.sallyport.detect.onnx.convert.ModelFolder;
import io.sallyport.detect.onnx.convert.ModelSourceException;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import io.sallyport.train.Figures;
import io.sallyport.train.Head;
import io.sallyport.train.LabelledRow;
import io.sallyport.train.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A trained head as a model's folder: the graph, its card, and {@code held-out.tsv}, the rows that
 * the figures were made on.
 *
 * @param labels in the head's order
 * @param figures one per label, on the rows held out
 */
record HeadFolder(Path out, Head head, List<String> labels, Split split, List<Figures> figures) {
  /** Numbers of all examples together, so that the card stays readable. */
  private static final int NUMBERS_MAX = 4000;

  private static final double TOLERANCE = 0.001;

  /**
   * Writes the folder, unless the same head is there already.
   *
   * @param index of the vectors that the head was trained on
   * @throws UserException when another model is there, or the folder's name is no model's
   */
  ImportOutcome write(VectorIndex index, String licence, String source) throws IOException {
    Path place = out.toAbsolutePath().normalize();
    Path models = place.getParent();
    String name = String.valueOf(place.getFileName());
    if (models == null || !name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
      throw new UserException("a model's folder is named by a-z, 0-9, '.', '_' and '-': " + out);
    }
    byte[] onnx = onnx(name);
    String card = card(name, licence, source, Digests.sha256(onnx), index);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(ModelFolder.MODEL_FILE, onnx);
    files.put(ModelFolder.CARD_FILE, card.getBytes(StandardCharsets.UTF_8));
    files.put("held-out.tsv", heldOut().getBytes(StandardCharsets.UTF_8));
    try {
      return new ModelFolder(models, name, Digests.sha256(onnx)).write(files);
    } catch (ModelSourceException e) {
      throw new UserException(String.valueOf(e.getMessage()));
    }
  }

  private byte[] onnx(String name) {
    OnnxWriter graph =
        new OnnxWriter(name)
            .input(
                "vector",
                ElementType.FLOAT32,
                Dim.of(1),
                Dim.of(head.layers().getFirst().inputs()));
    String read = "vector";
    for (int i = 0; i < head.layers().size(); i++) {
      Head.Layer layer = head.layers().get(i);
      boolean last = i == head.layers().size() - 1;
      String made = last ? "logits" : "sums" + i;
      graph
          .floats("weights" + i, new long[] {layer.outputs(), layer.inputs()}, layer.weights())
          .floats("biases" + i, new long[] {layer.outputs()}, layer.biases())
          .node(
              "Gemm",
              List.of(read, "weights" + i, "biases" + i),
              made,
              Attribute.number("transB", 1));
      if (!last) {
        read = "units" + i;
        graph.node("Relu", List.of(made), read);
      }
    }
    return graph.output("logits", ElementType.FLOAT32, Dim.of(1), Dim.of(labels.size())).toBytes();
  }

  private String card(
      String name, String licence, String source, String sha256, VectorIndex index) {
    StringBuilder card = new StringBuilder();
    card.append("model: ").append(name);
    card.append("\nkind: head\nlicence: \"").append(licence);
    card.append("\"\nsource: \"").append(source);
    card.append("\"\nfiles: {model.onnx: \"").append(sha256);
    card.append("\"}\ninput:\n  tensor: vector\n  size: ").append(index.size());
    card.append("\n  embedding: ").append(index.model());
    card.append("\n  digest: \"").append(index.digest());
    card.append("\"\noutput: {tensor: logits, labels: [\"").append(String.join("\", \"", labels));
    card.append("\"], activation: sigmoid}\nfigures:\n");
    for (int i = 0; i < labels.size(); i++) {
      card.append("  \"").append(labels.get(i)).append("\": ").append(figure(figures.get(i)));
    }
    card.append("examples:\n");
    examples(index.size()).forEach(card::append);
    return card.toString();
  }

  private static String figure(Figures figure) {
    StringBuilder text = new StringBuilder("{rows: ").append(figure.rows());
    text.append(", positive: ").append(figure.positive());
    text.append(", accuracy: ").append(number("%.4f", figure.accuracy()));
    append(text, "precision", figure.precision());
    append(text, "recall", figure.recall());
    append(text, "auc", figure.auc());
    return text.append("}\n").toString();
  }

  private static void append(StringBuilder text, String key, OptionalDouble share) {
    share.ifPresent(it -> text.append(", ").append(key).append(": ").append(number("%.4f", it)));
  }

  /** For each label in turn the mean of the rows that have it and of those that do not. */
  private List<String> examples(int size) {
    int most = Math.max(2, NUMBERS_MAX / size);
    List<String> examples = new ArrayList<>();
    for (int label = 0; label < labels.size() && examples.size() + 2 <= most; label++) {
      for (boolean has : new boolean[] {true, false}) {
        int at = label;
        List<float[]> vectors =
            split.learn().stream()
                .filter(row -> row.labels().get(at) == has)
                .map(LabelledRow::vectors)
                .flatMap(List::stream)
                .toList();
        examples.add(example(mean(vectors, size)));
      }
    }
    return examples;
  }

  private static List<String> mean(List<float[]> vectors, int size) {
    double[] sums = new double[size];
    for (float[] vector : vectors) {
      for (int i = 0; i < size; i++) {
        sums[i] += vector[i];
      }
    }
    List<String> mean = new ArrayList<>();
    for (double sum : sums) {
      mean.add(number("%.5f", sum / vectors.size()));
    }
    return mean;
  }

  /** What the head scores a vector as the card spells it. */
  private String example(List<String> numbers) {
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(numbers.get(i));
    }
    double[] scores = head.scores(vector);
    List<String> expect = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      expect.add('"' + labels.get(i) + "\": " + number("%.5f", scores[i]));
    }
    return "  - input: {vector: [%s]}\n    expect: {%s}\n    tolerance: %s\n"
        .formatted(String.join(", ", numbers), String.join(", ", expect), TOLERANCE);
  }

  private String heldOut() {
    StringBuilder rows = new StringBuilder("# line\tsha256\tlabels\n");
    for (LabelledRow row : split.heldOut()) {
      List<String> has = new ArrayList<>();
      for (int i = 0; i < labels.size(); i++) {
        if (row.labels().get(i)) {
          has.add(labels.get(i));
        }
      }
      rows.append(row.line()).append('\t').append(row.key()).append('\t');
      rows.append(String.join(",", has)).append('\n');
    }
    return rows.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
