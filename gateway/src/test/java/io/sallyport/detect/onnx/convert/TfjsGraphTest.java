package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TfjsGraphTest {
  @Test
  void readsNodesAndDequantisesWeights() throws Exception {
    TfjsGraph graph =
        new TfjsScript()
            .input(4, 4, 3)
            .weight("scalar", List.of(), 255)
            .weight("matrix", List.of(2, 2), 0, 1, 128, 129)
            .node("y", "Mul", List.of("x", "scalar"), TfjsScript.text("T", "é"))
            .graph();
    assertThat(graph.nodes())
        .extracting(GraphNode::name)
        .containsExactly("x", "scalar", "matrix", "y");
    assertThat(graph.nodes().getLast().inputs()).containsExactly("x", "scalar");
    assertThat(graph.nodes().getFirst().shape()).containsExactly(-1, 4, 4, 3);
    assertThat(graph.weights().get("scalar").elements()).containsExactly(63.5f);
    assertThat(graph.weights().get("matrix").shape()).containsExactly(2, 2);
    assertThat(graph.weights().get("matrix").elements()).containsExactly(-64, -63.5f, 0, 0.5f);
  }

  @Test
  void cutsWeightsOutOfSeveralShards() throws Exception {
    String weights =
        TfjsScript.spec("a", List.of(2), "float32", "uint8")
            + ","
            + TfjsScript.spec("b", List.of(2), "float32", "uint8");
    String model =
        "{format:\"graph-model\",modelTopology:{node:[{name:\"a\",op:\"Const\",attr:{}},{name:\"b\","
            + "op:\"Const\",attr:{}}]},weightsManifest:[{paths:[\"1\",\"2\"],weights:["
            + weights
            + "]}]}";
    TfjsGraph graph =
        TfjsGraph.read(TfjsScript.script(model), List.of(shard(128, 130, 132), shard(134)));
    assertThat(graph.weights().get("a").elements()).containsExactly(0, 1);
    assertThat(graph.weights().get("b").elements()).containsExactly(2, 3);
  }

  @Test
  void refusesShardsThatAreTooShortOrTooLong() {
    TfjsScript script = new TfjsScript().weight("a", List.of(2), 1, 2);
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> TfjsGraph.read(script.model(), List.of(shard(1))))
        .withMessage("the shards end inside weight 'a'");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> TfjsGraph.read(script.model(), List.of(shard(1, 2, 3))))
        .withMessageContaining("more bytes");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> TfjsGraph.read(script.model(), List.of()))
        .withMessageContaining("other shards");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(
            () -> TfjsGraph.read(script.model(), List.of(TfjsScript.script("\"not base64\""))));
  }

  @Test
  void refusesWeightsThatAreNotStoredAsBytes() {
    for (String spec :
        List.of(
            TfjsScript.spec("a", List.of(1), "int32", "uint8"),
            TfjsScript.spec("a", List.of(1), "float32", "uint16"),
            "{name:\"a\",shape:[1],dtype:\"float32\"}",
            TfjsScript.spec("a", List.of(-1), "float32", "uint8"),
            TfjsScript.spec("a", List.of(0), "float32", "uint8"),
            TfjsScript.spec("a", List.of(1), "float32", "uint8").replace("[1]", "[.5]"))) {
      TfjsScript script = new TfjsScript().node("a", "Const", List.of(), "").spec(spec);
      assertThatExceptionOfType(ModelSourceException.class)
          .as(spec)
          .isThrownBy(() -> TfjsGraph.read(script.model(), List.of(shard(1))));
    }
  }

  @Test
  void doesNotAllocateWhatAShapeClaims() {
    int most = Integer.MAX_VALUE;
    TfjsScript script =
        new TfjsScript()
            .node("a", "Const", List.of(), "")
            .spec(TfjsScript.spec("a", List.of(most, most, most, most), "float32", "uint8"));
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(script::graph)
        .withMessage("the shards end inside weight 'a'");
  }

  @Test
  void refusesNamesThatCouldCollide() {
    String spec = TfjsScript.spec("a", List.of(), "float32", "uint8");
    for (TfjsScript script :
        List.of(
            new TfjsScript().node("a", "Mul", List.of(), "").node("a", "Mul", List.of(), ""),
            new TfjsScript().node("a:0", "Mul", List.of(), ""),
            new TfjsScript().weight("a", List.of(), 1).spec(spec),
            new TfjsScript().node("a", "Mul", List.of(), "").spec(spec))) {
      assertThatExceptionOfType(ModelSourceException.class)
          .isThrownBy(() -> TfjsGraph.read(script.model(), List.of(shard(1, 2))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.exports={}",
        "",
        "!function(){}({1:[function(t,e,a){x.exports=1},{}]},{},[1])(1)});",
        "({1:[function(t,e,a){e.exports=1,evil()},{}]},{},[1])(1)});",
        "({1:[function(t,e,a){e.exports=1},{}]},{},[1])(1)});evil()",
        "({1:[function(t,e,a){e.exports=1},{}]},{},[1])(1)",
      })
  void refusesScriptsOfAnotherForm(String script) {
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> ScriptModule.read(script.getBytes(StandardCharsets.ISO_8859_1)))
        .withMessageContaining("malformed script");
  }

  @Test
  void readsAScriptOfTheRightForm() throws Exception {
    assertThat(ScriptModule.read(TfjsScript.script("[1]")))
        .isEqualTo(new Literal.Items(List.of(new Literal.Number(1))));
  }

  @Test
  void refusesALayersModel() {
    byte[] script = TfjsScript.script("{format:\"layers-model\"}");
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> TfjsGraph.read(script, List.of()))
        .withMessageContaining("graph-model");
  }

  private static byte[] shard(int... stored) {
    byte[] bytes = new byte[stored.length];
    for (int i = 0; i < stored.length; i++) {
      bytes[i] = (byte) stored[i];
    }
    return TfjsScript.script('"' + Base64.getEncoder().encodeToString(bytes) + '"');
  }
}
