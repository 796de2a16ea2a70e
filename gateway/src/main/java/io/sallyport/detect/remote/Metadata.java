package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a server says of a model: its tensors by name.
 *
 * @param name the model's
 */
record Metadata(String name, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
  private static final int TENSORS_MAX = 64;

  /**
   * A tensor.
   *
   * @param shape -1 where a dimension is open
   */
  record Tensor(String datatype, List<Long> shape) {}

  /**
   * Reads an answer.
   *
   * @throws UnavailableException {@code BAD_OUTPUT} when it is not as the protocol says
   */
  static Metadata read(Reply reply) throws UnavailableException {
    List<String> name = new ArrayList<>();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    ServerJson.object(
        reply.body(),
        reply.jsonLength(),
        (key, parser) -> {
          switch (key) {
            case "name" -> name.add(ServerJson.text(parser));
            case "inputs" -> tensors(parser, inputs);
            case "outputs" -> tensors(parser, outputs);
            default -> parser.skipChildren();
          }
        });
    ServerJson.require(name.size() == 1);
    return new Metadata(name.getFirst(), inputs, outputs);
  }

  private static void tensors(JsonParser parser, Map<String, Tensor> into)
      throws UnavailableException {
    ServerJson.require(parser.currentToken() == JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      ServerJson.require(into.size() < TENSORS_MAX);
      tensor(parser, into);
    }
  }

  private static void tensor(JsonParser parser, Map<String, Tensor> into)
      throws UnavailableException {
    List<String> name = new ArrayList<>();
    List<String> datatype = new ArrayList<>();
    List<Long> shape = new ArrayList<>();
    ServerJson.members(
        parser,
        (key, value) -> {
          switch (key) {
            case "name" -> name.add(ServerJson.text(value));
            case "datatype" -> datatype.add(ServerJson.text(value));
            case "shape" -> OutputTensor.readShape(value, shape);
            default -> value.skipChildren();
          }
        });
    ServerJson.require(name.size() == 1 && datatype.size() == 1);
    Tensor tensor = new Tensor(datatype.getFirst(), List.copyOf(shape));
    ServerJson.require(into.put(name.getFirst(), tensor) == null);
  }

  /**
   * What is wrong with a tensor; empty when it is as expected.
   *
   * @param expected the shape that is sent or wanted; -1 must be open there too
   */
  static Optional<String> misfit(
      Map<String, Tensor> tensors, String name, String datatype, List<Long> expected) {
    Tensor found = tensors.get(name);
    if (found == null) {
      return Optional.of("has no '" + name + "', only " + tensors.keySet());
    }
    if (!found.datatype().equals(datatype)) {
      return Optional.of(
          "'" + name + "' is of type " + found.datatype() + ", expected " + datatype);
    }
    boolean fits = found.shape().size() == expected.size();
    for (int i = 0; fits && i < expected.size(); i++) {
      long size = found.shape().get(i);
      fits = size == expected.get(i) || (size < 0 && expected.get(i) >= 0);
    }
    return fits
        ? Optional.empty()
        : Optional.of("'" + name + "' has shape " + found.shape() + ", expected " + expected);
  }
}
