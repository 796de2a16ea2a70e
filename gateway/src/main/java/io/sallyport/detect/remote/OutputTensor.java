package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a server answers to a question: one float tensor. Reads JSON numbers, flat or nested, and
 * bytes after the JSON.
 */
final class OutputTensor {
  private static final int DIMENSIONS_MAX = 8;

  private final int count;
  private @Nullable String name;
  private @Nullable String datatype;
  private final List<Long> shape = new ArrayList<>();
  private @Nullable List<Float> data;
  private long binarySize = -1;

  private OutputTensor(int count) {
    this.count = count;
  }

  /**
   * Reads an answer.
   *
   * @param call who was asked
   * @param tensor the output that was asked for
   * @param rows of the question
   * @param labels numbers of each row
   * @return the numbers, row by row; not all of them need be finite
   * @throws UnavailableException {@code BAD_OUTPUT} when it is not just that
   */
  static float[] read(Reply reply, Asked call, String tensor, int rows, int labels)
      throws UnavailableException {
    int count = rows * labels;
    List<OutputTensor> outputs = new ArrayList<>();
    ServerJson.object(
        reply.body(),
        reply.jsonLength(),
        (key, parser) -> {
          switch (key) {
            case "model_name" -> ServerJson.require(ServerJson.text(parser).equals(call.model()));
            case "model_version" -> call.requireVersion(parser);
            case "outputs" -> readAll(parser, count, outputs);
            default -> parser.skipChildren();
          }
        });
    if (outputs.size() != 1) {
      throw bad("the answer has not one output");
    }
    OutputTensor output = outputs.getFirst();
    output.require(tensor, rows, labels);
    return output.numbers(reply);
  }

  /**
   * Who was asked.
   *
   * @param version none when the server chooses
   */
  record Asked(String model, Optional<String> version) {
    private void requireVersion(JsonParser parser) throws UnavailableException {
      String found = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
      if (version.isPresent() && !version.get().equals(found)) {
        throw bad("another version answered");
      }
      parser.skipChildren();
    }
  }

  private static void readAll(JsonParser parser, int count, List<OutputTensor> outputs)
      throws UnavailableException {
    ServerJson.require(parser.currentToken() == JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!outputs.isEmpty()) {
        throw bad("the answer has not one output");
      }
      OutputTensor output = new OutputTensor(count);
      ServerJson.members(parser, output::member);
      outputs.add(output);
    }
  }

  private void member(String key, JsonParser parser) throws UnavailableException {
    switch (key) {
      case "name" -> name = ServerJson.text(parser);
      case "datatype" -> datatype = ServerJson.text(parser);
      case "shape" -> readShape(parser, shape);
      case "parameters" ->
          ServerJson.members(
              parser,
              (parameter, value) -> {
                if (parameter.equals("binary_data_size")) {
                  binarySize = ServerJson.whole(value);
                } else {
                  value.skipChildren();
                }
              });
      case "data" -> data = readData(parser);
      default -> parser.skipChildren();
    }
  }

  /** Reads a list of a few whole numbers. */
  static void readShape(JsonParser parser, List<Long> into) throws UnavailableException {
    ServerJson.require(parser.currentToken() == JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      ServerJson.require(into.size() < DIMENSIONS_MAX);
      into.add(ServerJson.whole(parser));
    }
  }

  private List<Float> readData(JsonParser parser) throws UnavailableException {
    ServerJson.require(parser.currentToken() == JsonToken.START_ARRAY);
    List<Float> numbers = new ArrayList<>();
    for (int depth = 1; depth > 0; ) {
      switch (parser.nextToken()) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
          if (numbers.size() == count) {
            throw bad("the answer has more numbers than labels");
          }
          numbers.add((float) parser.getDoubleValue());
        }
        case null, default -> ServerJson.require(false);
      }
    }
    return numbers;
  }

  private void require(String tensor, int rows, int labels) throws UnavailableException {
    if (!tensor.equals(name) || !"FP32".equals(datatype)) {
      throw bad("the answer is another tensor");
    }
    // A single row may come without its dimension.
    boolean row = shape.equals(List.of((long) labels)) && rows == 1;
    boolean table = !shape.isEmpty() && shape.getFirst() == rows && product() == (long) count;
    if (!row && !table) {
      throw bad("the answer has another shape");
    }
  }

  /** Stops where no shape of ours goes on, so that nothing overflows. */
  private long product() {
    long product = 1;
    for (long size : shape) {
      product = size < 0 || size > count || product > count ? -1 : product * size;
      if (product < 0) {
        return -1;
      }
    }
    return product;
  }

  private float[] numbers(Reply reply) throws UnavailableException {
    int rest = reply.body().length - reply.jsonLength();
    List<Float> numbers = data;
    if (numbers == null) {
      if (binarySize != (long) count * Float.BYTES || rest != binarySize) {
        throw bad("the answer's bytes are not as many as its shape says");
      }
      float[] found = new float[count];
      ByteBuffer.wrap(reply.body(), reply.jsonLength(), rest)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(found);
      return found;
    }
    if (binarySize >= 0 || rest != 0 || numbers.size() != count) {
      throw bad("the answer's numbers are not as many as its shape says");
    }
    float[] found = new float[count];
    for (int i = 0; i < count; i++) {
      found[i] = numbers.get(i);
    }
    return found;
  }

  private static UnavailableException bad(String detail) {
    return new UnavailableException(Cause.BAD_OUTPUT, detail);
  }
}
