package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LexiconTest {
  private static final String GOOD =
      """
      lexicon: prompt-terms
      terms:
        - {term: zeppelin, label: stand-in, weight: 0.9}
        - {term: airship  Race, label: stand-in}
        - {term: blimp, label: other, match: prefix}
        - {term: blimp, label: stand-in, match: anywhere}
      labels:
        other: [dirigible, "sky ship"]
        third: one
      """;

  @Test
  void readsTermsInBothShapes() {
    Lexicon lexicon = Lexicons.parse(GOOD);
    assertThat(lexicon.name()).isEqualTo("prompt-terms");
    assertThat(lexicon.labels()).containsExactly("other", "stand-in", "third");
    assertThat(lexicon.terms())
        .containsExactly(
            new Term("zeppelin", "stand-in", 0.9, Term.Match.WORD),
            new Term("airship  Race", "stand-in", 1, Term.Match.WORD),
            new Term("blimp", "other", 1, Term.Match.PREFIX),
            new Term("blimp", "stand-in", 1, Term.Match.ANYWHERE),
            new Term("dirigible", "other", 1, Term.Match.WORD),
            new Term("sky ship", "other", 1, Term.Match.WORD),
            new Term("one", "third", 1, Term.Match.WORD));
  }

  @Test
  void tellsEveryProblemAtItsLine() {
    Problems problems =
        problems(
            """
            lexicon: Prompt Terms
            terms:
              - {term: zeppelin, label: stand-in, weight: 0}
              - {term: z, label: stand-in}
              - {term: "!?", label: stand-in}
              - {term: blimp, label: "no good"}
              - {label: stand-in}
              - {term: airship race, label: a, match: fuzzy}
              - {term: "Airship-R\u00e1ce", label: a}
              - {term: fine, label: a, wieght: 1}
            labels:
              a: [airship race, 7]
            more: 1
            """);
    assertThat(problems.list())
        .extracting(Problem::line)
        .containsExactlyInAnyOrder(1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 12, 13);
    assertThat(problems.list())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("the same term and label as in line 8"))
        .anyMatch(message -> message.contains("missing key 'term'"))
        .anyMatch(message -> message.contains("without letters or digits"))
        .anyMatch(message -> message.contains("wieght: unknown key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lexicon: a",
        "lexicon: a\nterms: []",
        "lexicon: a\nlabels: {}",
        "terms: [{term: zeppelin, label: a}]",
        "- lexicon",
        "lexicon: a\nterms: zeppelin",
        "lexicon: a\nlabels: {b: }",
        "lexicon: a\nlabels: [b]"
      })
  void refusesAFileThatSaysNothing(String yaml) {
    assertThat(problems(yaml).isEmpty()).isFalse();
  }

  @Test
  void refusesATermAsLongAsASentence() {
    assertThat(problems("lexicon: a\nlabels: {b: [" + "long ".repeat(30) + "]}").list()).hasSize(1);
  }

  private static Problems problems(String yaml) {
    Problems problems = new Problems();
    byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
    assertThat(Lexicon.parse("terms.yaml", bytes, problems)).isEmpty();
    return problems;
  }

  @Test
  void readsFromDiskAndSaysWhenItCannot(@TempDir Path folder) throws IOException {
    Problems problems = new Problems();
    Path file = Files.writeString(folder.resolve("terms.yaml"), GOOD);
    assertThat(Lexicon.read(file, problems)).contains(Lexicons.parse(GOOD));
    assertThat(problems.isEmpty()).isTrue();
    assertThat(Lexicon.read(folder.resolve("absent.yaml"), problems)).isEmpty();
    assertThat(problems.list()).hasSize(1);
  }

  @Test
  void keepsEarlierProblemsOfOtherFilesApart() {
    Problems problems = new Problems();
    problems.add("other.yaml", 1, "broken");
    byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
    assertThat(Lexicon.parse("terms.yaml", bytes, problems)).isPresent();
  }

  @Test
  void hasADigestOfItsContentWhateverTheOrder() {
    Term a = new Term("zeppelin", "x", 1, Term.Match.WORD);
    Term b = new Term("airship race", "x", 1, Term.Match.WORD);
    String digest = new Lexicon("n", List.of(a, b)).digest();
    assertThat(digest).matches("[0-9a-f]{64}").isEqualTo(new Lexicon("n", List.of(b, a)).digest());
    assertThat(
            List.of(
                new Lexicon("m", List.of(a, b)).digest(),
                new Lexicon("n", List.of(a)).digest(),
                new Lexicon("n", List.of(a, term("airship races", "x", 1, b.match()))).digest(),
                new Lexicon("n", List.of(a, term(b.text(), "y", 1, b.match()))).digest(),
                new Lexicon("n", List.of(a, term(b.text(), "x", 0.5, b.match()))).digest(),
                new Lexicon("n", List.of(a, term(b.text(), "x", 1, Term.Match.PREFIX))).digest()))
        .doesNotHaveDuplicates()
        .doesNotContain(digest);
  }

  private static Term term(String text, String label, double weight, Term.Match match) {
    return new Term(text, label, weight, match);
  }
}
