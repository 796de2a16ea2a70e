package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxWriterTest {
  private static final long[] SCALAR = {};

  @Test
  void writesAModelThatTheRuntimeLoadsAndRuns() throws OrtException {
    byte[] model =
        new OnnxWriter("affine")
            .input("x", ElementType.FLOAT32, Dim.named("batch"), Dim.of(3))
            .floats("matrix", new long[] {3, 2}, 1, 2, 3, 4, 5, 6)
            .floats("bias", new long[] {2}, 0.5f, -0.5f)
            .node("Gemm", List.of("x", "matrix", "bias"), "y", Attribute.real("alpha", 2))
            .output("y", ElementType.FLOAT32, Dim.named("batch"), Dim.of(2))
            .toBytes();
    try (OrtRun run = new OrtRun(model)) {
      assertThat(run.run(new long[] {2, 3}, 1, 1, 1, 0f, 0, 1))
          .containsExactly(18.5f, 23.5f, 10.5f, 11.5f);
    }
  }

  @Test
  void writesTextModelsWithIntegerInputs() throws OrtException {
    byte[] model =
        new OnnxWriter("embedding")
            .input("input_ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
            .floats("table", new long[] {3, 2}, 0, 1, 10, 11, 20, 21)
            .longs("axes", new long[] {1}, 1)
            .node("Gather", List.of("table", "input_ids"), "rows")
            .node("ReduceSum", List.of("rows", "axes"), "sum", Attribute.number("keepdims", 0))
            .output("sum", ElementType.FLOAT32, Dim.named("batch"), Dim.of(2))
            .toBytes();
    try (OrtRun run = new OrtRun(model)) {
      assertThat(run.run(new long[] {1, 3}, 2L, 0, 2)).containsExactly(40, 43);
      assertThat(run.run(new long[] {1, 1}, 1L)).containsExactly(10, 11);
    }
  }

  @Test
  void writesEveryKindOfAttribute() throws OrtException {
    byte[] model =
        new OnnxWriter("attributes")
            .input("x", ElementType.FLOAT32, Dim.of(1), Dim.of(1), Dim.of(2), Dim.of(2))
            .floats("one", new long[] {1, 1, 1, 1}, 1)
            .node("Conv", List.of("x", "one"), "same", Attribute.text("auto_pad", "VALID"))
            .node("LeakyRelu", List.of("same"), "leaky", Attribute.real("alpha", 0.5f))
            .node("Transpose", List.of("leaky"), "turned", Attribute.numbers("perm", 0, 1, 3, 2))
            .node("Flatten", List.of("turned"), "y", Attribute.number("axis", -3))
            .output("y", ElementType.FLOAT32, Dim.of(1), Dim.of(4))
            .toBytes();
    try (OrtRun run = new OrtRun(model)) {
      assertThat(run.run(new long[] {1, 1, 2, 2}, 1, -2, 3, 4f)).containsExactly(1, 3, -1, 4);
    }
  }

  @Test
  void leavesOptionalInputsAndOutputsOut() throws OrtException {
    byte[] model =
        new OnnxWriter("optional")
            .input("x", ElementType.FLOAT32, Dim.of(3))
            .floats("cap", SCALAR, 2)
            .node("Clip", List.of("x", "", "cap"), List.of("capped"))
            .node("Dropout", List.of("capped"), List.of("y", ""))
            .output("y", ElementType.FLOAT32, Dim.of(3))
            .toBytes();
    try (OrtRun run = new OrtRun(model)) {
      assertThat(run.run(new long[] {3}, -5, 1, 9f)).containsExactly(-5, 1, 2);
    }
  }

  @Test
  void declaresNamesTypesAndShapes() throws OrtException {
    byte[] model =
        new OnnxWriter("shapes")
            .input("ids", ElementType.INT64, Dim.named("batch"), Dim.of(7))
            .node("Identity", List.of("ids"), "same")
            .output("same", ElementType.INT64, Dim.named("batch"), Dim.of(7))
            .toBytes();
    try (OrtRun run = new OrtRun(model)) {
      NodeInfo input = run.session().getInputInfo().get("ids");
      assertThat(input.getInfo())
          .isInstanceOfSatisfying(
              TensorInfo.class,
              info -> {
                assertThat(info.type).isEqualTo(OnnxJavaType.INT64);
                assertThat(info.getShape()).containsExactly(-1, 7);
                assertThat(info.getDimensionNames()).containsExactly("batch", "");
              });
      assertThat(run.session().getOutputNames()).containsExactly("same");
      assertThat(run.session().getMetadata().getProducerName()).isEqualTo("sallyport");
      assertThat(run.session().getMetadata().getGraphName()).isEqualTo("shapes");
    }
  }

  @Test
  void equalCallsGiveEqualBytes() {
    assertThat(ColourModel.onnx()).isEqualTo(ColourModel.onnx());
    assertThat(new String(ColourModel.onnx(), StandardCharsets.ISO_8859_1)).contains("sallyport");
  }

  @Test
  void refusesANodeThatReadsWhatNothingMakes() {
    OnnxWriter onnx = new OnnxWriter("wrong");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> onnx.node("Relu", List.of("x"), "y"))
        .withMessageContaining("Relu")
        .withMessageContaining("'x'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> onnx.output("y", ElementType.FLOAT32))
        .withMessageContaining("'y'");
  }

  @Test
  void refusesANameTwice() {
    OnnxWriter onnx = new OnnxWriter("wrong").input("x", ElementType.FLOAT32);
    assertThatIllegalArgumentException().isThrownBy(() -> onnx.floats("x", SCALAR, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> onnx.node("Relu", List.of("x"), "x"));
  }

  @Test
  void refusesElementsThatDoNotFillTheShape() {
    OnnxWriter onnx = new OnnxWriter("wrong");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> onnx.floats("x", new long[] {2, 2}, 1, 2, 3))
        .withMessageContaining("3 elements for shape [2, 2]");
    assertThatIllegalArgumentException().isThrownBy(() -> onnx.longs("y", SCALAR));
    assertThatIllegalArgumentException().isThrownBy(() -> Dim.of(0));
  }
}
