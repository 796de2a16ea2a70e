package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.StandInClassifier;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/**
 * {@code models calibrate} on a classifier that is far too sure of itself: of the texts that it
 * gives 0.998 for an airship, 80 % are about one, and of those that it gives 0.002, 10 %.
 */
class CalibrateCommandTest {
  private static final String FITS =
      "  calibration: {airship: {temperature: 2}, bicycle: {platt: [-2, 1]}}\n";

  @TempDir private Path dir;
  private Path model;
  private Path labels;

  @BeforeEach
  void writeModelAndLabels() throws IOException {
    model = StandInClassifier.writeInto(dir.resolve("models"));
    card(FITS, "", "airship: 0.953, bicycle: 0.0", "airship: 0.998, bicycle: 0.018");
    card("airship: 0.047, bicycle: 0.999", "airship: 0.002, bicycle: 0.982");
    StringBuilder rows = new StringBuilder("# text, tab, labels\n\n");
    for (int i = 0; i < 100; i++) {
      rows.append("a zeppelin\t").append(i % 5 == 0 ? "" : "airship").append('\n');
      rows.append("a green square\t").append(i % 10 == 0 ? "airship" : "").append('\n');
    }
    labels = Files.writeString(dir.resolve("labels.tsv"), rows);
  }

  private void card(String... pairs) throws IOException {
    String card = Files.readString(model.resolve("model.yaml"));
    for (int i = 0; i < pairs.length; i += 2) {
      assertThat(card).contains(pairs[i]);
      card = card.replace(pairs[i], pairs[i + 1]);
    }
    Files.writeString(model.resolve("model.yaml"), card);
  }

  private CommandRun calibrate(Object... more) {
    Object[] all = new Object[more.length + 6];
    System.arraycopy(
        new Object[] {"models", "calibrate", model, labels, "--out", dir.resolve("curves")},
        0,
        all,
        0,
        6);
    System.arraycopy(more, 0, all, 6, more.length);
    return CommandRun.of(all);
  }

  @Test
  void fitsWhatTheRowsSayAndTheCardTakesIt() throws Exception {
    CommandRun run = calibrate("--false-positives", "0.2");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("airship: 200 rows, 90 with the label")
        .containsPattern("calibration error 0\\.14\\d as it is, 0\\.0[0-3]\\d fitted")
        // 20 of the 110 without the label are among the 100 that are raised.
        .containsPattern("threshold 0\\.7\\d+ raises 18\\.18 % .* finds 88\\.89 %")
        .contains("bicycle: left as it is: 0 rows with it and 200 without, needs 10 of each");

    String fit =
        run.out()
            .lines()
            .filter(line -> line.startsWith("  calibration: "))
            .findFirst()
            .orElseThrow();
    card("  activation: sigmoid\n", "  activation: sigmoid\n" + fit + "\n");
    card("airship: 0.998", "airship: 0.80", "airship: 0.002", "airship: 0.10");
    card("tolerance: 0.01", "tolerance: 0.02");
    assertThat(CommandRun.of("models", "verify", model).err()).isEmpty();
  }

  @Test
  void aTemperatureIsFittedToo() {
    assertThat(calibrate("--method", "temperature").out())
        .containsPattern("calibration: \\{airship: \\{temperature: [2-5]\\.\\d{4}\\}\\}");
  }

  @Test
  void drawsBothCurves() throws Exception {
    calibrate();

    for (String name : new String[] {"airship-roc.svg", "airship-reliability.svg"}) {
      String svg = Files.readString(dir.resolve("curves").resolve(name));
      var document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)));
      assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(svg).contains("airship").doesNotContain("NaN").doesNotContain("Infinity");
    }
    assertThat(dir.resolve("curves/bicycle-roc.svg")).doesNotExist();
  }

  @Test
  void aLabelThatIsTheWrongWayRoundIsLeft() throws IOException {
    Files.writeString(labels, "a zeppelin\t\n".repeat(20) + "a green square\tairship\n".repeat(20));

    CommandRun run = calibrate();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains("rows with the label score lower than those without", "nothing was fitted");
  }

  @Test
  void everyBadLineIsToldAtOnce() throws IOException {
    Files.writeString(labels, "no tab\na zeppelin\tcanoe\n\tairship\na\tb\tc\n");

    CommandRun run = calibrate();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("labels.tsv:1:", "labels.tsv:2: the model has no label 'canoe'")
        .contains("labels.tsv:3:", "labels.tsv:4:");
  }

  @Test
  void aModelThatIsCalibratedIsNotFittedAgain() throws IOException {
    card("  activation: sigmoid\n", "  activation: sigmoid\n" + FITS);
    card("airship: 0.998, bicycle: 0.018", "airship: 0.953, bicycle: 0.0");
    card("airship: 0.002, bicycle: 0.982", "airship: 0.047, bicycle: 0.999");

    assertThat(calibrate().err()).contains("airships is calibrated already");
  }

  @Test
  void badOptionsAreToldPlainly() {
    assertThat(calibrate("--method", "isotonic").exit()).isEqualTo(2);
    assertThat(calibrate("--false-positives", "1.5").exit()).isEqualTo(2);
    assertThat(
            CommandRun.of(
                    "models",
                    "calibrate",
                    "all-minilm-l6-v2-int8",
                    labels,
                    "--out",
                    dir.resolve("curves"))
                .exit())
        .isNotZero();
  }
}
