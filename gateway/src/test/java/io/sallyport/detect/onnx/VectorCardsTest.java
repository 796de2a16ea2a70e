package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cards of image embeddings and of heads. */
class VectorCardsTest {
  private static final String PICTURES = Folders.embeddingCard(new byte[0]);
  private static final String HEAD = Folders.headCard(new byte[0]);

  private final Problems problems = new Problems();

  @Test
  void readsAnImageEmbedding() {
    var kind = (Kind.ImageEmbedding) read(PICTURES).orElseThrow().kind();

    assertThat(kind.output())
        .isEqualTo(new VectorOutput("vectors", 3, VectorOutput.Pooling.NONE, true));
    assertThat(kind.input().framing()).isEqualTo(Framing.square(8));
    var red = new ImageExample.Fill(255, 0, 0);
    assertThat(kind.examples())
        .containsExactly(
            new PlacedImage(red, new PlacedImage.Starts(List.of(1.0, 0.0, 0.0)), 0.01, 10),
            new PlacedImage(
                red, new PlacedImage.Near(new ImageExample.Fill(153, 204, 0), 0.6), 0.01, 11));
  }

  @Test
  void readsAHead() {
    var kind = (Kind.Head) read(HEAD).orElseThrow().kind();

    assertThat(kind.input()).isEqualTo(new VectorInput("vector", 3, "planes", null, 6));
    assertThat(kind.output().labels()).containsExactly("red", "dark");
    assertThat(kind.examples())
        .containsExactly(
            new ScoredVector(List.of(0.5), Map.of("red", 0.5, "dark", 0.018), 0.01, 9));
    assertThat(kind.figures())
        .containsExactly(
            Map.entry(
                "red",
                new HeldOut(
                    9,
                    4,
                    0.8,
                    OptionalDouble.of(1),
                    OptionalDouble.of(0.5),
                    OptionalDouble.of(0.9))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          side: 8            | side: 7             | 6 | input.side: expected a whole number
          tensor: vectors    | tensors: vectors    | 7 | missing key 'tensor'
          size: 3            | size: 0             | 7 | output.size: expected a whole number
          size: 3            | size: 3, labels: [] | 7 | output.labels: unknown key
          size: 3            | size: 3, pooling: cls | 7 | output.pooling: unknown key
          normalise: true    | normalise: maybe    | 7 | output.normalise: expected true or false
          vector: [1, 0, 0]  | vector: [1, 0, 0, 0] | 10 | vector: expected 1 to 3 numbers
          vector: [1, 0, 0]  | vector: []          | 10 | vector: expected 1 to 3 numbers
          vector: [1, 0, 0]  | cosine: 1           | 10 | missing key 'like'
          cosine: 0.6        | cosine: 0.6, vector: [1] | 11 | expected either vector
          cosine: 0.6        | cosine: 1.6         | 11 | cosine: expected a number
          like: {fill        | like: {full         | 11 | expected one of fill
          """)
  void refusesAnImageEmbeddingWithOneThingWrong(
      String right, String wrong, int line, String message) {
    refuses(PICTURES, right, wrong, line, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tensor: vector     | side: 8             | 6 | missing key 'tensor'
          embedding: planes  | embed: planes       | 6 | missing key 'embedding'
          embedding: planes  | embedding: ../up    | 6 | input.embedding: expected a name
          embedding: planes  | embedding: planes, digest: "12" | 6 | input.digest: expected a SHA-256
          size: 3            | size: 9000          | 6 | input.size: expected a whole number
          activation: sigmoid | activation: relu   | 7 | output.activation: expected one of
          vector: [0.5]      | vector: []          | 9 | vector: expected 1 to 3 numbers
          vector: [0.5]      | text: "a dog"       | 9 | missing key 'vector'
          dark: 0.018        | light: 0.018        | 9 | expect.light: the model has no such label
          figures: {red      | figures: {green     | 10 | figures.green: the model has no such label
          positive: 4        | positive: 10        | 10 | positive: expected a whole number from 0 to 9
          accuracy: 0.8      | accuracy: 80        | 10 | accuracy: expected a number from 0
          auc: 0.9           | roc: 0.9            | 10 | roc: unknown key
          """)
  void refusesAHeadWithOneThingWrong(String right, String wrong, int line, String message) {
    refuses(HEAD, right, wrong, line, message);
  }

  private void refuses(String card, String right, String wrong, int line, String message) {
    assertThat(card).contains(right);
    assertThat(read(card.replace(right, wrong))).isEmpty();
    assertThat(problems.list())
        .as("%s", problems.list())
        .anyMatch(problem -> problem.line() == line && problem.message().contains(message));
  }

  private Optional<ModelCard> read(String card) {
    return CardReader.read("model.yaml", card.getBytes(StandardCharsets.UTF_8), problems);
  }
}
