package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.BoxOutput.Layout;
import io.sallyport.detect.onnx.BoxOutput.Units;
import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectCardReaderTest {
  private static final String CARD = Folders.objectCard(new byte[0]);

  private final Problems problems = new Problems();

  @Test
  void readsAnObjectDetector() {
    var kind = (Kind.ObjectDetection) read(CARD).orElseThrow().kind();

    assertThat(kind.input().shape()).containsExactly(1, 3, 8, 8);
    assertThat(kind.output())
        .isEqualTo(
            new BoxOutput(
                "boxes",
                Layout.YOLOV8,
                Units.PIXELS,
                List.of("dog", "beach"),
                Activation.NONE,
                0.3,
                0.5,
                20,
                2));
    assertThat(kind.examples())
        .containsExactly(
            new ImageExample(
                new ImageExample.Painted(
                    new ImageExample.Fill(0, 0, 0),
                    List.of(
                        new ImageExample.Patch(new ImageExample.Fill(255, 0, 0), 0, 0.5, 0.25, 1))),
                Map.of("dog", 0.9, "dog.count", 0.01, "dog.area", 0.25),
                0.001,
                10));
  }

  @Test
  void leavesOutWhatHasADefault() {
    String card = CARD.replace(", min_score: 0.3, iou: 0.5, max_boxes: 20, candidates: 2", "");
    var kind = (Kind.ObjectDetection) read(card).orElseThrow().kind();

    assertThat(kind.output().minScore()).isEqualTo(0.25);
    assertThat(kind.output().iou()).isEqualTo(0.45);
    assertThat(kind.output().maxBoxes()).isEqualTo(100);
    assertThat(kind.output().candidates()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          layout: yolov8       | layout: yolov9        | 7  | output.layout: expected one of yolov5, yolov8, yolov10
          boxes: pixels        | boxes: metres         | 7  | output.boxes: expected one of pixels, normalised
          activation: none     | activation: softmax   | 7  | output.activation: classes of boxes do not exclude
          activation: none     | activation: relu      | 7  | output.activation: expected one of
          min_score: 0.3       | min_score: 0          | 7  | output.min_score: expected a number from 0.001
          min_score: 0.3       | min_score: 1.1        | 7  | output.min_score: expected a number
          iou: 0.5             | iou: -0.1             | 7  | output.iou: expected a number
          max_boxes: 20        | max_boxes: 101        | 7  | output.max_boxes: expected a whole number from 1 to 100
          candidates: 2        | candidates: 0         | 7  | output.candidates: expected a whole number
          candidates: 2        | candidates: 2, top: 1 | 7  | output.top: unknown key
          tensor: boxes, lay   | tenser: boxes, lay    | 7  | missing key 'tensor'
          labels: [dog, beach] | labels: [dog, dog]    | 7  | output.labels[1]: duplicate label
          labels: [dog, beach] | labels: [dog, a.count] | 7 | ends as a label of counts or areas does
          labels: [dog, beach] | labels: [dog, a.area] | 7  | ends as a label of counts or areas does
          dog.count: 0.01      | cat.count: 0.01       | 10 | expect.cat.count: the model has no such label
          box: [0, 0.5, 0.25, 1] | box: [0, 0.5, 0.25] | 10 | input.patches[0].box: expected 4 numbers
          box: [0, 0.5, 0.25, 1] | box: [0, 0.5, 0.25, 2] | 10 | input.patches[0].box[3]: expected a number
          fill: [0, 0, 0]      | gradient: true        | 10 | input: patches need a fill
          """)
  void refusesACardWithOneThingWrong(String right, String wrong, int line, String message) {
    assertThat(CARD).contains(right);
    assertThat(read(CARD.replace(right, wrong))).isEmpty();
    assertThat(problems.list())
        .anySatisfy(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
            });
  }

  private Optional<ModelCard> read(String card) {
    return CardReader.read("model.yaml", card.getBytes(StandardCharsets.UTF_8), problems);
  }
}
