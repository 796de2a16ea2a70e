package io.sallyport.detect.onnx.convert;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A frozen TensorFlow graph in the tfjs graph-model format, its weights dequantised.
 *
 * @param nodes in the order of the file, constants included
 * @param weights the value of each constant, by the name of its node
 */
record TfjsGraph(List<GraphNode> nodes, Map<String, Weight> weights) {

  /**
   * Reads a graph out of script modules as nsfwjs ships them.
   *
   * @param model the {@code model.min.js}: topology and weights manifest
   * @param shards the {@code group1-shardNofM.min.js} in order: base64 of the weights' bytes
   */
  static TfjsGraph read(byte[] model, List<byte[]> shards) throws ModelSourceException {
    Literal root = ScriptModule.read(model);
    if (!root.get("format").text().equals("graph-model")) {
      throw new ModelSourceException("the model is not in the graph-model format");
    }
    List<GraphNode> nodes = nodes(root.get("modelTopology").get("node").items());
    List<Literal> groups = root.get("weightsManifest").items();
    if (groups.size() != 1 || groups.getFirst().get("paths").items().size() != shards.size()) {
      throw new ModelSourceException("the model wants other shards than there are");
    }
    List<Literal> specs = groups.getFirst().get("weights").items();
    Map<String, Weight> weights = WeightsReader.read(specs, join(shards));
    if (!constants(nodes).containsAll(weights.keySet())) {
      throw new ModelSourceException("the model has a weight that is no constant of its graph");
    }
    return new TfjsGraph(nodes, weights);
  }

  private static Set<String> constants(List<GraphNode> nodes) {
    return nodes.stream()
        .filter(node -> node.op().equals("Const"))
        .map(GraphNode::name)
        .collect(Collectors.toSet());
  }

  private static List<GraphNode> nodes(List<Literal> literals) throws ModelSourceException {
    List<GraphNode> nodes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Literal literal : literals) {
      GraphNode node = GraphNode.of(literal);
      if (node.name().contains(":") || !names.add(node.name())) {
        throw new ModelSourceException(
            "node name '" + node.name() + "' is not one, or there twice");
      }
      nodes.add(node);
    }
    return List.copyOf(nodes);
  }

  private static byte[] join(List<byte[]> shards) throws ModelSourceException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] shard : shards) {
      try {
        joined.writeBytes(Base64.getDecoder().decode(ScriptModule.read(shard).text()));
      } catch (IllegalArgumentException e) {
        throw new ModelSourceException("a shard is not base64", e);
      }
    }
    return joined.toByteArray();
  }
}
