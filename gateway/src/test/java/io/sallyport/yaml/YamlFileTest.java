package io.sallyport.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {
  @TempDir Path folder;

  @Test
  void aDocumentBecomesPlainJavaInFileOrder() {
    Yaml yaml = new Yaml("z: 1\na: [x, 2.5, true, {k: 'v'}]\n\"quoted\": |\n  two\n  lines\n");
    assertThat(yaml.root.orElseThrow().asPlain())
        .isEqualTo(
            Map.of(
                "z", 1L, "a", List.of("x", 2.5, true, Map.of("k", "v")), "quoted", "two\nlines\n"));
    assertThat(((Map<?, ?>) yaml.root.orElseThrow().asPlain()).keySet())
        .map(String::valueOf)
        .containsExactly("z", "a", "quoted");
    assertThat(yaml.told()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "|f.yaml: empty",
        "# only a comment|f.yaml: empty",
        "---|f.yaml:1: no value",
        "a: 1\\n---\\nb: 2|f.yaml:2: more than one document",
        "a: 1\\na: 2|f.yaml:2: a: duplicate key",
        "m:\\n  x: 1\\n  y: 2\\n  x: 3|f.yaml:4: m.x: duplicate key",
        "a: 1\\n'a': 2|f.yaml:2: a: duplicate key",
        "a: &x 1|f.yaml:1: a: anchors and aliases are not used here",
        "a: &x [1]|f.yaml:1: a: anchors and aliases are not used here",
        "&k a: 1|f.yaml:1: ?: anchors and aliases are not used here",
        "a: !!str 1|f.yaml:1: a: tags are not used here",
        "a: !!set {b: 1}|f.yaml:1: a: tags are not used here",
        "a: !mine [1]|f.yaml:1: a: tags are not used here",
        "a:\\n  b:\\nc: 1|f.yaml:2: a.b: no value",
        "a: ~x\\nb: null|f.yaml:2: b: no value",
        "a: .inf|f.yaml:1: a: not a plain decimal number: .inf",
        "a: 99999999999999999999|f.yaml:1: a: not a plain decimal number: 99999999999999999999",
        "? [a]\\n: b|f.yaml:1: a key must be plain text",
        "'': 1|f.yaml:1: a key must be plain text",
      })
  void whatIsNotStrictIsAProblemAtItsLine(String text, String problem) {
    Yaml yaml = new Yaml(text == null ? "" : text.replace("\\n", "\n"));
    assertThat(yaml.told()).containsExactly(problem);
  }

  @Test
  void anAliasIsAProblemAndNeverExpands() {
    Yaml yaml = new Yaml("a: &x [1]\nb: *x\n");
    assertThat(yaml.told())
        .containsExactly(
            "f.yaml:1: a: anchors and aliases are not used here",
            "f.yaml:2: b: anchors and aliases are not used here");
  }

  @Test
  void aBillionLaughsAreRefusedLineByLine() {
    StringBuilder text = new StringBuilder("a0: &a0 [ha, ha, ha]\n");
    for (int i = 1; i < 40; i++) {
      text.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    Yaml yaml = new Yaml(text.toString());
    assertThat(yaml.told()).hasSizeBetween(40, 200).allMatch(it -> it.contains("anchors"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: [1", "a: 'x", "a: b: c", "\tx: 1", "a: @x", "- a\nb: 1", "a: \"\\q\""})
  void whatIsNoYamlHasOneProblemWithALine(String text) {
    Yaml yaml = new Yaml(text);
    assertThat(yaml.root).isEmpty();
    assertThat(yaml.problems.list()).singleElement().matches(problem -> problem.line() >= 1);
  }

  @Test
  void controlCharactersAreRefused() {
    Yaml yaml = new Yaml("a: x\u0007y");
    assertThat(yaml.root).isEmpty();
    assertThat(yaml.told()).containsExactly("f.yaml: not a YAML document");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertThat(new Yaml(new byte[] {'a', ':', ' ', (byte) 0xff}).told())
        .containsExactly("f.yaml: not UTF-8");
    assertThat(new Yaml("a: b".getBytes(StandardCharsets.UTF_16)).told())
        .containsExactly("f.yaml: not UTF-8");
  }

  @Test
  void nestingIsReadUpToTheLimitAndNotBeyond() {
    assertThat(new Yaml("[".repeat(32) + "1" + "]".repeat(32)).told()).isEmpty();
    assertThat(new Yaml("[".repeat(33) + "1" + "]".repeat(33)).told())
        .containsExactly("f.yaml:1: nested deeper than 32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: "})
  void bottomlessNestingEndsQuicklyAndWithoutAStackOverflow(String opening) {
    Yaml yaml = new Yaml(opening.repeat(500_000 / opening.length()));
    assertThat(yaml.root).isEmpty();
    assertThat(yaml.told()).isNotEmpty();
  }

  @Test
  void moreValuesThanAnyFileNeedsAreRefused() {
    Yaml yaml = new Yaml("- a\n".repeat(300_000));
    assertThat(yaml.root).isEmpty();
    assertThat(yaml.told()).containsExactly("f.yaml:250000: more than 250000 values");
  }

  @Test
  void aFileJustUnderTheCapIsReadWhole() {
    String text = "v: " + "x".repeat(YamlFile.BYTES_MAX - 3);
    assertThat(new Yaml(text).v().asString()).hasSize(YamlFile.BYTES_MAX - 3);
    assertThat(new Yaml(text + "x").told()).containsExactly("f.yaml: larger than 4194304 bytes");
  }

  @Test
  void aLongKeyOverManyValuesCostsItsLengthOnce() {
    // With a path spelled out per value this is 200 GB of characters.
    Yaml yaml = new Yaml("? " + "k".repeat(1_000_000) + "\n:\n" + "  - no\n".repeat(200_000));
    yaml.map().forEach((key, value) -> value.asList().forEach(YamlValue::asBoolean));
    assertThat(yaml.problems.list()).hasSize(1000);
    assertThat(yaml.told().getFirst()).startsWith("f.yaml:3: kkkk").hasSizeLessThan(200);
  }

  @Test
  void aFileIsReadFromDiskUnderItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), "a: 1\n");
    Problems problems = new Problems();
    YamlValue root = YamlFile.read(file, problems).orElseThrow();
    assertThat(root.file()).isEqualTo(file.toString());
    assertThat(root.line()).isEqualTo(1);
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void aFileThatIsMissingOrTooLargeIsAProblem() throws IOException {
    Problems problems = new Problems();
    assertThat(YamlFile.read(folder.resolve("none.yaml"), problems)).isEmpty();
    assertThat(YamlFile.read(folder, problems)).isEmpty();
    Path large = Files.write(folder.resolve("l.yaml"), new byte[YamlFile.BYTES_MAX + 1]);
    assertThat(YamlFile.read(large, problems)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::message)
        .containsExactly(
            "cannot be read (NoSuchFileException)",
            "cannot be read (IOException)",
            "larger than 4194304 bytes");
  }

  @Test
  void everyProblemIsThrownTogether() {
    Yaml yaml = new Yaml("a:\nb: !t 1\n");
    assertThatThrownBy(yaml.problems::throwIfAny)
        .isInstanceOfSatisfying(
            InvalidFileException.class, e -> assertThat(e.problems()).hasSize(2))
        .hasMessage("f.yaml:1: a: no value\nf.yaml:2: b: tags are not used here");
  }

  @Test
  void anyMutationOfAFileIsReadOrRefusedButNeverThrows() {
    long seed = 20261122;
    SplittableRandom random = new SplittableRandom(seed);
    byte[] file =
        "a: [1, 2.5, 'x']\nb:\n  - {c: true, d: \"\\u0041\"}\n  - |\n    t\n? e\n: f # g\n"
            .getBytes(StandardCharsets.UTF_8);
    byte[] spice = "[]{}:,-?&*!|>'\"%@`#~ \n\t\\0\u00e9".getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int round = 0; round < 5000; round++) {
      byte[] mutant = file.clone();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        mutant[random.nextInt(mutant.length)] = spice[random.nextInt(spice.length)];
      }
      Yaml yaml = new Yaml(mutant);
      assertThat(yaml.root.isPresent() || !yaml.problems.isEmpty())
          .as("seed %d round %d", seed, round)
          .isTrue();
      yaml.root.ifPresent(YamlValue::asPlain);
      refused += yaml.root.isPresent() ? 0 : 1;
    }
    assertThat(refused).isBetween(500, 4999);
  }
}
