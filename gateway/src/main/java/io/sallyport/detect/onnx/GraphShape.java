package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a graph takes and gives, for whoever writes a card.
 *
 * @param inputs by name, in the graph's order
 * @param outputs by name, in the graph's order
 */
public record GraphShape(Map<String, Port> inputs, Map<String, Port> outputs) {

  /**
   * An input or output.
   *
   * @param type of its elements
   * @param shape its dimensions; -1 for one left open
   */
  public record Port(Type type, List<Long> shape) {
    /** A size, or -1 where it is open or there is no such dimension. */
    public long size(int dimension) {
      return dimension < shape.size() ? shape.get(dimension) : -1;
    }
  }

  /** As far as models need to be told apart. */
  public enum Type {
    FLOAT32,
    INT64,
    OTHER
  }

  /**
   * Looks into a graph. Opens and closes it, which takes as long as loading it.
   *
   * @throws IllegalArgumentException when ONNX Runtime cannot load it, with a message for the
   *     operator
   */
  public static GraphShape of(OnnxRuntime runtime, byte[] onnx) {
    try (OnnxModel model = OnnxModel.open(runtime, onnx)) {
      return new GraphShape(ports(model.inputs()), ports(model.outputs()));
    } catch (UnusableModelException e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  /** The first of these outputs that it has. */
  public Optional<String> output(String... names) {
    return Arrays.stream(names).filter(outputs::containsKey).findFirst();
  }

  private static Map<String, Port> ports(Map<String, TensorInfo> tensors) {
    Map<String, Port> ports = new LinkedHashMap<>();
    tensors.forEach((name, info) -> ports.put(name, port(info)));
    return ports;
  }

  private static Port port(TensorInfo info) {
    Type type =
        info.type == OnnxJavaType.FLOAT
            ? Type.FLOAT32
            : info.type == OnnxJavaType.INT64 ? Type.INT64 : Type.OTHER;
    return new Port(type, Arrays.stream(info.getShape()).boxed().collect(Collectors.toList()));
  }
}
