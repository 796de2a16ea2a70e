package io.sallyport.decide.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Labels;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.policy.Rule;
import io.sallyport.policy.UnavailableRule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies, term lists, concepts and cases at the top of the repository. */
class ShippedPoliciesTest {
  private static final Path SHIPPED = Path.of("..", "policies");
  private static final Pattern THRESHOLD = Pattern.compile("at_least: ([0-9.]+)");
  private static final Set<Stage> IMAGES = Set.of(Stage.INPUT_IMAGE, Stage.OUTPUT_IMAGE);

  @TempDir Path copy;

  /** What the shipped detectors say: labels of the shipped lists, and of the two image models. */
  private static Map<String, Labels> catalogue() {
    Map<String, Labels> catalogue = new HashMap<>();
    catalogue.put("prompt-terms", prompt("lexicons/default.yaml"));
    catalogue.put("prompt-concepts", prompt("concepts/default.yaml"));
    catalogue.put("demo-terms", prompt("lexicons/demo.yaml"));
    catalogue.put(
        "image-nsfw", new Labels(IMAGES, Set.of("drawing", "hentai", "neutral", "porn", "sexy")));
    catalogue.put("image-magenta", new Labels(IMAGES, Set.of("magenta")));
    return catalogue;
  }

  private static Labels prompt(String file) {
    Set<String> labels = new HashSet<>();
    read(file).get("labels").orElseThrow().asMap().forEach((label, value) -> labels.add(label));
    return new Labels(Set.of(Stage.PROMPT), labels);
  }

  private static YamlMap read(String file) {
    Problems problems = new Problems();
    YamlMap map = YamlFile.read(SHIPPED.resolve(file), problems).orElseThrow().asMap();
    problems.throwIfAny();
    return map;
  }

  @Test
  void everyShippedCaseComesOutAsItSays() {
    PolicyCases cases = PolicyCases.load(SHIPPED.resolve("cases"));
    assertThat(cases.size()).isGreaterThan(40);
    assertThat(cases.run(PolicyLoader.load(SHIPPED, catalogue()), catalogue())).isEmpty();
  }

  @Test
  void theDefaultPolicyIsWhatItIsMeantToBe() {
    Policy policy = PolicyLoader.load(SHIPPED, catalogue()).get("default").orElseThrow();
    assertThat(policy.shadow()).isFalse();
    assertThat(policy.unavailable()).isEqualTo(UnavailableRule.BLOCK);
    assertThat(policy.rules())
        .filteredOn(rule -> rule.category() == Category.SEXUAL_MINORS)
        .hasSize(2)
        .allMatch(rule -> rule.floor() && rule.verdict() == Verdict.BLOCK)
        .extracting(rule -> rule.disclosure().wire())
        .containsOnly("none");
    assertThat(policy.rules())
        .extracting(Rule::category)
        .contains(
            Category.VIOLENCE_GRAPHIC,
            Category.HATE,
            Category.SELF_HARM,
            Category.ILLICIT_VIOLENT,
            Category.SEXUAL);
  }

  @Test
  void theDemoKeepsEveryRuleOfTheDefault() {
    PolicyBook book = PolicyLoader.load(SHIPPED, catalogue());
    assertThat(book.get("demo").orElseThrow().rules())
        .containsAll(book.get("default").orElseThrow().rules());
  }

  static Stream<String> policies() {
    return Stream.of("default.yaml", "demo.yaml");
  }

  /** So that nobody moves a threshold without a case that shows what it does. */
  @ParameterizedTest
  @MethodSource("policies")
  void everyThresholdIsPinnedFromBothSidesByACase(String file) throws IOException {
    String text = Files.readString(SHIPPED.resolve(file));
    List<MatchResult> thresholds = THRESHOLD.matcher(text).results().toList();
    assertThat(thresholds).hasSizeGreaterThanOrEqualTo(2);
    PolicyCases cases = PolicyCases.load(SHIPPED.resolve("cases"));
    for (MatchResult threshold : thresholds) {
      for (double step : new double[] {-0.01, 0.01}) {
        double moved = Double.parseDouble(threshold.group(1)) + step;
        String mutant =
            text.substring(0, threshold.start(1)) + moved + text.substring(threshold.end(1));
        assertThat(cases.run(bookWith(file, mutant), catalogue()))
            .as("%s, offset %d, moved to %s", file, threshold.start(1), moved)
            .isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void everyRuleIsShownByACase(String file) throws IOException {
    String text = Files.readString(SHIPPED.resolve(file));
    PolicyCases cases = PolicyCases.load(SHIPPED.resolve("cases"));
    String[] rules = text.split("(?m)^  - id: ");
    assertThat(rules.length).isGreaterThan(2);
    for (int i = 1; i < rules.length; i++) {
      String without = text.replace("  - id: " + rules[i], "");
      assertThat(without).isNotEqualTo(text);
      assertThat(cases.run(bookWith(file, without), catalogue())).as(rules[i]).isNotEmpty();
    }
  }

  private PolicyBook bookWith(String file, String text) throws IOException {
    for (String name : policies().toList()) {
      Files.copy(
          SHIPPED.resolve(name),
          copy.resolve(name),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(copy.resolve(file), text);
    return PolicyLoader.load(copy, catalogue());
  }
}
