package io.sallyport.detect.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Calibration.Platt;
import io.sallyport.detect.onnx.Calibration.Temperature;
import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
  private static final double[] LOGITS = {2, -1, 0.5};

  @Test
  void dividesASigmoidsLogitByTheTemperature() {
    assertThat(new Temperature(4).score(Activation.SIGMOID, LOGITS, 0))
        .isEqualTo(1 / (1 + Math.exp(-0.5)));
  }

  @Test
  void dividesEveryLogitOfASoftmaxByTheTemperature() {
    double sum = Math.exp(1) + Math.exp(-0.5) + Math.exp(0.25);

    assertThat(new Temperature(2).score(Activation.SOFTMAX, LOGITS, 0))
        .isCloseTo(Math.exp(1) / sum, within(1e-12));
    assertThat(new Temperature(2).score(Activation.SOFTMAX, LOGITS, 1))
        .isCloseTo(Math.exp(-0.5) / sum, within(1e-12));
  }

  @Test
  void putsPlattsLineThroughASigmoidsLogit() {
    assertThat(new Platt(-2, 1).score(Activation.SIGMOID, LOGITS, 0))
        .isEqualTo(1 / (1 + Math.exp(-2 * 2 + 1)));
  }

  @Test
  void putsPlattsLineThroughASoftmaxesLogOdds() {
    double p = Math.exp(2) / (Math.exp(2) + Math.exp(-1) + Math.exp(0.5));
    double logOdds = Math.log(p / (1 - p));

    assertThat(new Platt(-2, 1).score(Activation.SOFTMAX, LOGITS, 0))
        .isCloseTo(1 / (1 + Math.exp(-2 * logOdds + 1)), within(1e-12));
  }

  @ParameterizedTest
  @EnumSource(names = {"SOFTMAX", "SIGMOID"})
  void changesNothingAtOneAndMinusOne(Activation activation) throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      double[] logits = random.doubles(2 + random.nextInt(9), -30, 30).toArray();
      double[] plain = logits.clone();
      Scores.activate(activation, plain);
      int label = random.nextInt(logits.length);
      for (Calibration neutral : List.of(new Temperature(1), new Platt(-1, 0))) {
        assertThat(neutral.score(activation, logits, label))
            .as("seed %d", seed)
            .isCloseTo(plain[label], within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SOFTMAX", "SIGMOID"})
  void staysInRangeAndRisesWithTheLogit(Activation activation) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      double size = Math.pow(10, random.nextDouble(-3, 38));
      double[] logits = random.doubles(2 + random.nextInt(9), -size, size).toArray();
      double[] higher = logits.clone();
      int label = random.nextInt(logits.length);
      higher[label] += random.nextDouble(size);
      Calibration calibration =
          random.nextBoolean()
              ? new Temperature(random.nextDouble(Temperature.LEAST, Temperature.MOST))
              : new Platt(
                  random.nextDouble(Platt.A_LEAST, Platt.A_MOST), random.nextDouble(-1000, 1000));

      double score = calibration.score(activation, logits, label);
      assertThat(score).as("seed %d", seed).isBetween(0.0, 1.0);
      assertThat(calibration.score(activation, higher, label))
          .as("seed %d", seed)
          .isBetween(score - 1e-12, 1.0);
    }
  }

  @Test
  void changesTheNamedLabelOnly() throws Exception {
    ScoreOutput output = output(Activation.SOFTMAX, Map.of("b", new Platt(-1, 3)));
    double[] plain = scores(output(Activation.SOFTMAX, Map.of()), 2, -1, 0.5f);
    double[] scores = scores(output, 2, -1, 0.5f);

    assertThat(Arrays.stream(plain).sum()).isCloseTo(1, within(1e-12));
    assertThat(scores[0]).isEqualTo(plain[0]);
    assertThat(scores[2]).isEqualTo(plain[2]);
    assertThat(scores[1]).isLessThan(plain[1] / 2).isPositive();
  }

  @Test
  void needsLogits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> output(Activation.NONE, Map.of("a", new Temperature(2))));
  }

  private static ScoreOutput output(Activation activation, Map<String, Calibration> calibration) {
    return new ScoreOutput("logits", List.of("a", "b", "c"), activation, calibration);
  }

  /** What says that a card takes a fit, and what reads the card, are of one mind. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "platt: [-1, 0]",
        "platt: [-100, 1000]",
        "platt: [-100.0001, 0]",
        "platt: [-0.0001, -1000]",
        "platt: [-0.00009, 0]",
        "platt: [1, 0]",
        "platt: [-1, 1000.0001]",
        "platt: [-1, -1000.0001]",
        "temperature: 0.01",
        "temperature: 0.0099",
        "temperature: 100",
        "temperature: 100.0001",
      })
  void aFitIsInBoundsWhereACardTakesIt(String fit) {
    String card =
        "output: {tensor: t, labels: [dog], activation: sigmoid, calibration: {dog: {%s}}}";
    Problems problems = new Problems();
    YamlFile.parse("model.yaml", card.formatted(fit).getBytes(UTF_8), problems)
        .ifPresent(root -> ScoreOutputReader.read(root.asMap()));
    double[] numbers =
        Pattern.compile("-?[0-9.]+")
            .matcher(fit)
            .results()
            .mapToDouble(number -> Double.parseDouble(number.group()))
            .toArray();
    Calibration read =
        numbers.length == 2 ? new Platt(numbers[0], numbers[1]) : new Temperature(numbers[0]);
    assertThat(read.inBounds()).isEqualTo(problems.isEmpty());
  }

  private static double[] scores(ScoreOutput output, float... raw) throws UnavailableException {
    return Scores.of(output, FloatBuffer.wrap(raw));
  }
}
