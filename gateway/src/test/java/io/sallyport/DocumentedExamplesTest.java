package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.cases.PolicyCases;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.detect.text.Concepts;
import io.sallyport.detect.text.Lexicon;
import io.sallyport.policy.Labels;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.signal.Stage;
import io.sallyport.testing.MarkdownFile;
import io.sallyport.testing.StandInClassifier;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads the example files of the documents with the loaders that operators' files go through. */
class DocumentedExamplesTest {
  @TempDir Path dir;

  @Test
  void everyExampleIsOfAKindThatIsLoadedHere() throws IOException {
    assertThat(firstKeys("README.md"))
        .containsExactly("listen", "policy", "kind", "lexicon", "concepts");
    assertThat(firstKeys("models-README.md")).containsExactly("model", "model", "model");
  }

  @Test
  void theLexiconLoads() throws IOException {
    assertThat(lexicon().labels()).containsExactlyInAnyOrder("airship", "dog", "beach");
  }

  @Test
  void theConceptsLoad() throws IOException {
    Problems problems = new Problems();
    var concepts = Concepts.load(write("concepts.yaml", example("concepts")), problems);
    assertThat(problems.list()).isEmpty();
    assertThat(concepts.orElseThrow().labels()).containsOnlyKeys("airship");
  }

  @Test
  void thePolicyLoadsBesideTheShippedOnesAndItsCasesHold() throws IOException {
    Path policies = Files.createDirectories(dir.resolve("policies/cases")).getParent();
    Files.copy(
        MarkdownFile.root().resolve("policies/default.yaml"), policies.resolve("default.yaml"));
    write("policies/acme.yaml", example("policy"));
    write("policies/cases/acme.yaml", example("kind"));
    Map<String, Labels> catalogue = catalogue();
    PolicyBook book = PolicyLoader.load(policies, catalogue);
    Policy acme = book.get("acme").orElseThrow();
    assertThat(acme.rules()).hasSizeGreaterThan(book.get("default").orElseThrow().rules().size());
    PolicyCases cases = PolicyCases.load(policies.resolve("cases"));
    assertThat(cases.size()).isEqualTo(3);
    assertThat(cases.run(book, catalogue)).isEmpty();
  }

  @Test
  void theCardsDescribeModelsThatPassTheirSelfTests() throws IOException {
    List<String> cards = MarkdownFile.read("models-README.md").blocks("yaml");
    Files.createDirectories(dir.resolve("models"));
    ColourModel.writeInto(dir.resolve("models"));
    write("models/magenta/model.yaml", cards.getFirst());
    // The name of the embedded model is taken, so a model of the operator's has one of its own.
    write(
        "models/sentences/model.yaml",
        cards.get(1).replace("model: all-minilm-l6-v2-int8", "model: sentences"));
    for (String file : List.of("all-minilm-l6-v2-q.onnx", "all-minilm-l6-v2-q-tokenizer.json")) {
      try (InputStream in = ModelStore.class.getResourceAsStream("/" + file)) {
        Files.copy(in, dir.resolve("models/sentences").resolve(file));
      }
    }
    StandInClassifier.writeInto(dir.resolve("models"));
    Problems problems = new Problems();
    try (OnnxRuntime runtime = OnnxRuntime.open()) {
      Set<String> names = Set.of("magenta", "sentences", "airships");
      var loaded = Models.load(runtime, dir.resolve("models"), names, problems);
      assertThat(problems.list()).isEmpty();
      try (ModelStore store = loaded.orElseThrow()) {
        Map<String, LoadedModel> models = store.models();
        assertThat(models.get("magenta")).isInstanceOf(ImageModel.class);
        assertThat(models.get("sentences")).isInstanceOf(TextModel.class);
        assertThat(models.get("airships")).isInstanceOf(TextClassifierModel.class);
      }
    }
  }

  /** What the detectors of the default policy say, and what the documented lexicon does. */
  private Map<String, Labels> catalogue() throws IOException {
    Map<String, Labels> catalogue = new LinkedHashMap<>();
    for (String name : List.of("prompt-terms", "prompt-concepts", "image-nsfw")) {
      catalogue.put(name, Labels.ANYTHING);
    }
    catalogue.put("acme-terms", new Labels(Set.of(Stage.PROMPT), Set.copyOf(lexicon().labels())));
    return catalogue;
  }

  private Lexicon lexicon() throws IOException {
    Problems problems = new Problems();
    var lexicon = Lexicon.read(write("lexicon.yaml", example("lexicon")), problems);
    assertThat(problems.list()).isEmpty();
    return lexicon.orElseThrow();
  }

  private static String example(String firstKey) throws IOException {
    return MarkdownFile.read("README.md").blocks("yaml").stream()
        .filter(block -> firstKey(block).equals(firstKey))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> firstKeys(String page) throws IOException {
    List<String> keys = new ArrayList<>();
    MarkdownFile.read(page).blocks("yaml").forEach(block -> keys.add(firstKey(block)));
    return keys;
  }

  private static String firstKey(String block) {
    return Stream.of(block.split(":", 2)).findFirst().orElseThrow();
  }

  private Path write(String file, String text) throws IOException {
    Path path = dir.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }
}
