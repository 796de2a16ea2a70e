package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.FakeTriton;
import io.sallyport.testing.FakeTriton.Reads;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteCardReaderTest {
  private final Problems problems = new Problems();

  @Test
  void readsACardOfTokens() throws Exception {
    var kind = (Kind.Remote) read(FakeTriton.card(Reads.TOKENS)).orElseThrow().kind();

    assertThat(kind.call()).isEqualTo(new RemoteCall("airships", Optional.of("3"), 8, true));
    assertThat(kind.input()).isInstanceOf(RemoteInput.Tokens.class);
    assertThat(kind.texts()).isNotEmpty();
    assertThat(kind.pictures()).isEmpty();
  }

  @Test
  void readsACardOfTexts() throws Exception {
    String card = FakeTriton.card(Reads.TEXT).replace(", batch: 4", "");
    var kind = (Kind.Remote) read(card).orElseThrow().kind();

    assertThat(kind.call()).isEqualTo(new RemoteCall("airships", Optional.of("3"), 1, true));
    assertThat(kind.input()).isEqualTo(new RemoteInput.Texts("TEXT", 2));
    assertThat(kind.output().labels()).containsExactly("airship", "bicycle");
  }

  @Test
  void readsACardOfPixels() throws Exception {
    var kind = (Kind.Remote) read(FakeTriton.card(Reads.PIXELS)).orElseThrow().kind();

    assertThat(kind.call()).isEqualTo(new RemoteCall("reds", Optional.empty(), 3, true));
    assertThat(kind.texts()).isEmpty();
    assertThat(kind.pictures()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model: airships, version | model: ../x, version    | 6  | remote.model: expected at most 128 letters
          model: airships, version | model: a/b, version     | 6  | remote.model: expected at most 128 letters
          model: airships, version | mode: airships, version | 6  | missing key 'model'
          version: "3"             | version: ".."           | 6  | remote.version: expected at most 128 letters
          version: "3"             | version: 3              | 6  | remote.version: expected text
          reads: text              | reads: bytes            | 6  | remote.reads: expected one of tokens, text, pixels
          batch: 4                 | batch: 0                | 6  | remote.batch: expected a whole number from 1 to 256
          batch: 4                 | binary: yes             | 6  | remote.binary: expected true or false
          batch: 4                 | url: "http://a"         | 6  | remote.url: unknown key
          tensor: TEXT             | tensor: TEXT, rank: 3   | 7  | input.rank: expected a whole number from 1 to 2
          tensor: TEXT             | tensor: TEXT, side: 8   | 7  | input.side: unknown key
          activation: sigmoid      | activation: relu        | 8  | output.activation: expected one of
          airship: 0.997           | balloon: 0.997          | 11 | expect.balloon: the model has no such label
          """)
  void refusesACardWithOneThingWrong(String right, String wrong, int line, String message)
      throws IOException {
    String card = FakeTriton.card(Reads.TEXT);
    assertThat(card).contains(right);
    assertThat(read(card.replace(right, wrong))).isEmpty();
    assertThat(problems.list())
        .anySatisfy(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
            });
  }

  @Test
  void refusesAGraphThatWouldNotRun() throws IOException {
    String card =
        FakeTriton.card(Reads.TEXT)
            .replace("files: {}", "files: {model.onnx: " + "0".repeat(64) + "}");

    assertThat(read(card)).isEmpty();
    assertThat(problems.list().toString()).contains("expected no .onnx file, found 1");
  }

  /** Rows of a call are as long as their windows; padding them would change the answer. */
  @Test
  void refusesPadding() throws IOException {
    String card = FakeTriton.card(Reads.TOKENS);
    assertThat(read(card.replaceFirst("stride: (\\d+)", "stride: $1\n  pad: 0"))).isEmpty();
    assertThat(problems.list().toString())
        .contains("input.pad: the windows of a remote model are not padded");
  }

  private Optional<ModelCard> read(String card) {
    return CardReader.read("model.yaml", card.getBytes(StandardCharsets.UTF_8), problems);
  }
}
