package io.sallyport.testing;

import io.sallyport.testing.FakeUpstream.Connection;
import io.sallyport.testing.FakeUpstream.Received;
import io.sallyport.testing.FakeUpstream.Script;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An inference server on a real socket that serves one model over the Open Inference Protocol, with
 * Triton's binary tensors. The model {@code airships} knows two words, as {@link StandInClassifier}
 * does: logits of 6 or -6 for {@code zeppelin}, 4 or -4 for {@code bicycle}. The model {@code reds}
 * scores how red a picture is.
 */
public final class FakeTriton implements AutoCloseable {
  /** What the model is fed with. */
  public enum Reads {
    TOKENS,
    TEXT,
    PIXELS
  }

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String LENGTH = "inference-header-content-length";
  private static final int ZEPPELIN = 5;
  private static final int BICYCLE = 6;

  private final Reads reads;
  private final FakeUpstream server;
  private volatile @Nullable Script infer;
  private volatile @Nullable Script metadata;
  private volatile boolean ready = true;

  public FakeTriton(Reads reads) throws IOException {
    this.reads = reads;
    this.server = new FakeUpstream(this::serve);
  }

  /** On a socket of the test's own. */
  public FakeTriton(Reads reads, ServerSocket socket) {
    this.reads = reads;
    this.server = new FakeUpstream(socket, this::serve);
  }

  public int port() {
    return server.port();
  }

  /** The socket behind it: what was received, how many connections. */
  public FakeUpstream server() {
    return server;
  }

  /** Answers questions otherwise from now on; null for what is right. */
  public void infer(@Nullable Script script) {
    infer = script;
  }

  /** Answers questions about the model otherwise from now on. */
  public void metadata(@Nullable Script script) {
    metadata = script;
  }

  public void ready(boolean now) {
    ready = now;
  }

  /** Questions so far. */
  public List<Received> questions() {
    return server.received().stream().filter(it -> it.line().contains("/infer")).toList();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private String path() {
    return reads == Reads.PIXELS ? "/v2/models/reds" : "/v2/models/airships/versions/3";
  }

  private void serve(Received request, Connection connection) throws Exception {
    String line = request.line();
    Script infers = infer;
    Script describes = metadata;
    if (line.equals("GET " + path() + "/ready HTTP/1.1")) {
      connection.reply(ready ? 200 : 400, "application/json", new byte[0]);
    } else if (line.equals("GET " + path() + " HTTP/1.1")) {
      if (describes == null) {
        connection.json(metadata());
      } else {
        describes.answer(request, connection);
      }
    } else if (line.equals("POST " + path() + "/infer HTTP/1.1")) {
      if (infers == null) {
        answer(request, connection);
      } else {
        infers.answer(request, connection);
      }
    } else {
      connection.reply(404, "application/json", "{\"error\":\"no such model\"}".getBytes());
    }
  }

  /** What is said of the model. */
  public String metadata() {
    return switch (reads) {
      case TOKENS ->
          """
          {"name":"airships","versions":["3"],"platform":"onnxruntime_onnx","inputs":[
            {"name":"input_ids","datatype":"INT64","shape":[-1,-1]},
            {"name":"attention_mask","datatype":"INT64","shape":[-1,-1]},
            {"name":"token_type_ids","datatype":"INT64","shape":[-1,-1]}],
           "outputs":[{"name":"logits","datatype":"FP32","shape":[-1,2]}]}
          """;
      case TEXT ->
          """
          {"name":"airships","versions":["3"],"platform":"python","inputs":[
            {"name":"TEXT","datatype":"BYTES","shape":[-1,1]}],
           "outputs":[{"name":"logits","datatype":"FP32","shape":[-1,2]}]}
          """;
      case PIXELS ->
          """
          {"name":"reds","platform":"onnxruntime_onnx","inputs":[
            {"name":"pixels","datatype":"FP32","shape":[-1,3,8,8]}],
           "outputs":[{"name":"scores","datatype":"FP32","shape":[-1,1]}]}
          """;
    };
  }

  /** Answers a question rightly. */
  public void answer(Received request, Connection connection) throws IOException {
    List<String> length = request.header(LENGTH);
    byte[] body = request.body();
    int json = length.isEmpty() ? body.length : Integer.parseInt(length.getFirst());
    JsonNode question = JSON.readTree(Arrays.copyOf(body, json));
    ByteBuffer binary = ByteBuffer.wrap(body, json, body.length - json).slice();
    List<List<Object>> inputs = new ArrayList<>();
    for (JsonNode input : question.get("inputs")) {
      inputs.add(rows(input, binary.order(ByteOrder.LITTLE_ENDIAN)));
    }
    if (binary.hasRemaining()) {
      connection.reply(400, "application/json", "{\"error\":\"bytes left\"}".getBytes());
      return;
    }
    List<float[]> scores = scores(inputs);
    boolean asBytes =
        question.get("outputs").get(0).path("parameters").path("binary_data").asBoolean(false);
    reply(connection, scores, asBytes);
  }

  /** The elements of an input, row by row, as the protocol lays them out. */
  private static List<Object> rows(JsonNode input, ByteBuffer binary) {
    int rows = input.get("shape").get(0).asInt();
    int all = 1;
    for (JsonNode size : input.get("shape")) {
      all *= size.asInt();
    }
    boolean asBytes = input.path("parameters").has("binary_data_size");
    int end =
        asBytes ? binary.position() + input.get("parameters").get("binary_data_size").asInt() : 0;
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      JsonNode element = asBytes ? null : input.get("data").get(i);
      elements.add(
          switch (input.get("datatype").asString()) {
            case "INT64" -> asBytes ? binary.getLong() : element.asLong();
            case "FP32" -> asBytes ? binary.getFloat() : (float) element.asDouble();
            case "BYTES" -> asBytes ? text(binary) : element.asString();
            case String other -> throw new IllegalArgumentException(other);
          });
    }
    if (asBytes && binary.position() != end) {
      throw new IllegalArgumentException("the size is not that of the elements");
    }
    List<Object> grouped = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      grouped.add(elements.subList(row * all / rows, (row + 1) * all / rows));
    }
    return grouped;
  }

  private static String text(ByteBuffer binary) {
    byte[] text = new byte[binary.getInt()];
    binary.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private List<float[]> scores(List<List<Object>> inputs) {
    List<float[]> scores = new ArrayList<>();
    for (int row = 0; row < inputs.getFirst().size(); row++) {
      List<?> elements = (List<?>) inputs.getFirst().get(row);
      scores.add(
          switch (reads) {
            case TOKENS -> {
              requireOnesAndZeros(inputs, row);
              yield logits(elements.contains((long) ZEPPELIN), elements.contains((long) BICYCLE));
            }
            case TEXT -> {
              String text = (String) elements.getFirst();
              yield logits(text.contains("zeppelin"), text.contains("bicycle"));
            }
            case PIXELS -> {
              float sum = 0;
              for (Object red : elements.subList(0, 64)) {
                sum += (Float) red;
              }
              yield new float[] {sum / 64};
            }
          });
    }
    return scores;
  }

  private static void requireOnesAndZeros(List<List<Object>> inputs, int row) {
    boolean right =
        ((List<?>) inputs.get(1).get(row)).stream().allMatch(it -> it.equals(1L))
            && ((List<?>) inputs.get(2).get(row)).stream().allMatch(it -> it.equals(0L));
    if (!right) {
      throw new IllegalArgumentException("mask or types are not as they must be");
    }
  }

  private static float[] logits(boolean zeppelin, boolean bicycle) {
    return new float[] {zeppelin ? 6 : -6, bicycle ? 4 : -4};
  }

  private void reply(Connection connection, List<float[]> rows, boolean asBytes)
      throws IOException {
    int columns = rows.getFirst().length;
    ByteBuffer bytes =
        ByteBuffer.allocate(4 * rows.size() * columns).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder numbers = new StringBuilder();
    for (float[] row : rows) {
      for (float number : row) {
        bytes.putFloat(number);
        numbers.append(numbers.isEmpty() ? "" : ",").append(number);
      }
    }
    String data =
        asBytes
            ? "\"parameters\":{\"binary_data_size\":" + bytes.capacity() + "}"
            : "\"data\":[" + numbers + "]";
    String json =
        """
        {"model_name":"%s","model_version":"3","outputs":[
          {"name":"%s","datatype":"FP32","shape":[%d,%d],%s}]}\
        """
            .formatted(
                reads == Reads.PIXELS ? "reds" : "airships",
                reads == Reads.PIXELS ? "scores" : "logits",
                rows.size(),
                columns,
                data);
    if (asBytes) {
      binary(connection, json, bytes.array());
    } else {
      connection.json(json);
    }
  }

  /** A whole reply of JSON with bytes after it. */
  public static void binary(Connection connection, String json, byte[] bytes) throws IOException {
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    connection.write(
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
            + "Inference-Header-Content-Length: "
            + head.length
            + "\r\nContent-Length: "
            + (head.length + bytes.length)
            + "\r\n\r\n");
    connection.write(head);
    connection.write(bytes);
  }

  /** Writes the folder of a card for this server; its name. */
  public static String writeInto(Path models, Reads reads) throws IOException {
    String name = "remote-" + reads.name().toLowerCase(Locale.ROOT);
    Path folder = Files.createDirectories(models.resolve(name));
    if (reads == Reads.TOKENS) {
      Files.copy(
          StandInClassifier.writeInto(models).resolve("tokenizer.json"),
          folder.resolve("tokenizer.json"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(folder.resolve("model.yaml"), card(reads));
    return name;
  }

  /** A card for this server; that of tokens is the documented one. */
  public static String card(Reads reads) throws IOException {
    return switch (reads) {
      case TOKENS ->
          MarkdownFile.read("models-README.md").blocks("yaml").stream()
              .filter(block -> block.contains("kind: remote"))
              .findFirst()
              .orElseThrow();
      case TEXT ->
          """
          model: remote-text
          kind: remote
          licence: Apache-2.0
          source: "served by a test"
          files: {}
          remote: {model: airships, version: "3", reads: text, batch: 4}
          input: {tensor: TEXT}
          output: {tensor: logits, labels: [airship, bicycle], activation: sigmoid}
          deadline: 5s
          examples:
            - {input: {text: "a zeppelin"}, expect: {airship: 0.997, bicycle: 0.018}, tolerance: 0.01}
          """;
      case PIXELS ->
          """
          model: remote-pixels
          kind: remote
          licence: Apache-2.0
          source: "served by a test"
          files: {}
          remote: {model: reds, reads: pixels, batch: 3}
          input: {tensor: pixels, side: 8, layout: nchw, channels: rgb}
          output: {tensor: scores, labels: [red], activation: none}
          deadline: 5s
          examples:
            - {input: {fill: [255, 0, 0]}, expect: {red: 1.0}, tolerance: 0.01}
            - {input: {fill: [0, 255, 0]}, expect: {red: 0.0}, tolerance: 0.01}
          """;
    };
  }
}
