package io.sallyport.detect.onnx.convert;

import static io.sallyport.detect.onnx.convert.TfjsScript.integers;
import static io.sallyport.detect.onnx.convert.TfjsScript.text;
import static io.sallyport.detect.onnx.convert.TfjsScript.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.onnx.convert.ReferenceConvolution.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphModelToOnnxTest {
  private static final List<String> BIAS = List.of("BiasAdd");

  @Test
  void convolutionsAgreeWithTheirDefinition() throws Exception {
    for (int seed = 0; seed < 60; seed++) {
      RandomConvolution random = new RandomConvolution(seed);
      assertThat(run(random.graph(), random.picture()))
          .as("seed %d", seed)
          .usingElementComparator((a, b) -> Math.abs(a - b) <= 1e-3 * (1 + Math.abs(b)) ? 0 : 1)
          .containsExactly(random.expected());
    }
  }

  @Test
  void theTailOfAClassifierAgreesWithItsDefinition() throws Exception {
    TfjsGraph graph =
        new TfjsScript()
            .input(2, 2, 2)
            .weight("two", List.of(), 132)
            .weight("one", List.of(), 130)
            .weight("m", List.of(2, 3), 130, 132, 128, 126, 130, 129)
            .weight("b", List.of(3), 128, 130, 126)
            .node("mul", "Mul", List.of("two", "x"), "")
            .node("sub", "Sub", List.of("mul", "one"), "")
            .node("add", "AddV2", List.of("sub", "sub"), "")
            .node("pool", "AvgPool", List.of("add"), pool(2))
            .node("vector", "Squeeze", List.of("pool"), integers("squeeze_dims", 1, 2))
            .node("logits", "_FusedMatMul", List.of("vector", "m", "b"), matrix("!1", BIAS))
            .node("softmax", "Softmax", List.of("logits"), "")
            .node("end", "Identity", List.of("softmax"), "")
            .graph();
    float[] probabilities = run(graph, new Picture(2, 2, 2, new float[] {0, 1, 0, 1, 1, 0, 1, 1}));
    // Means are 0.5 and 0.75; after (2x - 1) * 2 the vector is (0, 1); the matrix's second row is
    // (-1, 1, 0.5), the bias (0, 1, -1).
    double[] logits = {-1, 2, -0.5};
    double sum = Math.exp(-1) + Math.exp(2) + Math.exp(-0.5);
    assertThat(probabilities).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat((double) probabilities[i]).isCloseTo(Math.exp(logits[i]) / sum, within(1e-6));
    }
  }

  @Test
  void equalGraphsGiveEqualBytes() throws Exception {
    assertThat(convert(tail("AvgPool", pool(2)).graph()))
        .isEqualTo(convert(tail("AvgPool", pool(2)).graph()));
  }

  @Test
  void namesTheOperationThatItDoesNotKnow() {
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> convert(tail("MaxPool", pool(2)).graph()))
        .withMessage("unsupported operation in MaxPool node 'p'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NHWC | SAME  | 2,2,2,1 | strides",
        "NHWC | SAME  | 1,0,0,1 | geometry",
        "NCHW | SAME  | 1,1,1,1 | data format",
        "NHWC | WRONG | 1,1,1,1 | padding WRONG",
      })
  void refusesGeometriesThatItDoesNotKnow(
      String format, String padding, String strides, String complaint) {
    int[] steps = java.util.Arrays.stream(strides.split(",")).mapToInt(Integer::parseInt).toArray();
    String attributes =
        String.join(
            ",",
            integers("ksize", 1, 2, 2, 1),
            integers("strides", steps),
            text("padding", padding),
            text("data_format", format));
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> convert(tail("AvgPool", attributes).graph()))
        .withMessageContaining("unsupported " + complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Relu", "Elu,BiasAdd", "BiasAdd,Relu", ""})
  void refusesFusionsThatItDoesNotKnow(String fusion) {
    TfjsScript script =
        new TfjsScript()
            .input(1, 1, 1)
            .weight("f", List.of(1, 1, 1, 1), 1)
            .weight("b", List.of(1), 1)
            .node(
                "c",
                "_FusedConv2D",
                List.of("x", "f", "b"),
                RandomConvolution.sliding(1, true, List.of(fusion.split(","))));
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> convert(script.graph()))
        .withMessageContaining("unsupported fusion");
  }

  @Test
  void refusesShapesThatDoNotFit() {
    TfjsScript wrongBias =
        new TfjsScript()
            .input(1, 1, 1)
            .weight("f", List.of(1, 1, 1, 2), 1, 1)
            .weight("b", List.of(1), 1)
            .node(
                "c",
                "_FusedConv2D",
                List.of("x", "f", "b"),
                RandomConvolution.sliding(1, true, BIAS));
    TfjsScript wrongChannels =
        new TfjsScript()
            .input(1, 1, 2)
            .weight("f", List.of(1, 1, 1, 1), 1)
            .weight("b", List.of(1), 1)
            .node(
                "c",
                "_FusedConv2D",
                List.of("x", "f", "b"),
                RandomConvolution.sliding(1, true, BIAS));
    TfjsScript broadcast =
        new TfjsScript()
            .input(1, 1, 2)
            .weight("w", List.of(2), 1, 2)
            .node("m", "Mul", List.of("x", "w"), "");
    TfjsScript noVector = new TfjsScript().input(2, 2, 1);
    TfjsScript twoInputs = new TfjsScript().input(2, 2, 1).node("y", "Placeholder", List.of(), "");
    TfjsScript noInput = new TfjsScript();
    TfjsScript disorder = new TfjsScript().node("m", "Identity", List.of("x"), "").input(1, 1, 1);
    TfjsScript fewInputs = new TfjsScript().input(1, 1, 1).node("m", "Mul", List.of("x"), "");
    TfjsScript huge = new TfjsScript().input(1 << 20, 1, 1);
    TfjsScript largeKernel = tail("AvgPool", pool(3));
    for (TfjsScript script :
        List.of(
            wrongBias,
            wrongChannels,
            broadcast,
            noVector,
            twoInputs,
            noInput,
            disorder,
            fewInputs,
            huge,
            largeKernel)) {
      assertThatExceptionOfType(ModelSourceException.class)
          .isThrownBy(() -> convert(script.graph()));
    }
  }

  @Test
  void refusesTransposedMatrices() {
    TfjsScript script =
        tail("AvgPool", pool(2))
            .weight("m", List.of(1, 1), 1)
            .weight("b", List.of(1), 1)
            .node("y", "_FusedMatMul", List.of("s", "m", "b"), matrix("!0", BIAS));
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> convert(script.graph()))
        .withMessageContaining("unsupported variant");
  }

  private static TfjsScript tail(String op, String attributes) {
    return new TfjsScript()
        .input(2, 2, 1)
        .node("p", op, List.of("x"), attributes)
        .node("s", "Squeeze", List.of("p"), integers("squeeze_dims", 1, 2));
  }

  private static String pool(int side) {
    return String.join(
        ",",
        integers("ksize", 1, side, side, 1),
        integers("strides", 1, 1, 1, 1),
        text("padding", "VALID"),
        text("data_format", "NHWC"));
  }

  private static String matrix(String transposed, List<String> fused) {
    return "transpose_a:{b:!1},transpose_b:{b:" + transposed + "}," + texts("fused_ops", fused);
  }

  private static byte[] convert(TfjsGraph graph) throws ModelSourceException {
    return GraphModelToOnnx.convert(graph, "test", "pixels", "scores");
  }

  private static float[] run(TfjsGraph graph, Picture picture) throws Exception {
    float[] planes = new float[picture.elements().length];
    int area = picture.height() * picture.width();
    for (int i = 0; i < planes.length; i++) {
      planes[i] = picture.elements()[i % area * picture.channels() + i / area];
    }
    try (OrtRun run = new OrtRun(convert(graph))) {
      return run.run(new long[] {1, picture.channels(), picture.height(), picture.width()}, planes);
    }
  }
}
