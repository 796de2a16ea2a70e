package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.CommandRun;
import io.sallyport.decide.cases.PolicyCases;
import io.sallyport.detect.embedding.VectorConcepts;
import io.sallyport.detect.onnx.BoxModel;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.detect.text.Concepts;
import io.sallyport.detect.text.Lexicon;
import io.sallyport.dialect.Dialects;
import io.sallyport.policy.Labels;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeTriton;
import io.sallyport.testing.MarkdownFile;
import io.sallyport.testing.StandInClassifier;
import io.sallyport.testing.StandInColours;
import io.sallyport.testing.StandInDetector;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        .containsExactly("listen", "policy", "kind", "lexicon", "concepts", "dialect", "dialect");
    assertThat(firstKeys("models-README.md"))
        .containsExactly(
            "model", "model", "model", "model", "model", "model", "model", "concepts", "model");
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
  void theDialectsLoad() throws IOException {
    Problems problems = new Problems();
    Path folder = Files.createDirectories(dir.resolve("dialects"));
    List<String> names = new ArrayList<>();
    for (String block : examples("dialect")) {
      String name = block.lines().findFirst().orElseThrow().substring("dialect: ".length());
      write("dialects/" + name + ".yaml", block);
      names.add(name);
    }
    var dialects = Dialects.open(Optional.of(folder), problems);
    assertThat(problems.list()).isEmpty();
    assertThat(names).containsExactlyInAnyOrder("my-triton", "my-comfyui");
    names.forEach(name -> assertThat(dialects.find(name, problems)).isPresent());
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
    assertThat(cases.size()).isEqualTo(4);
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
    StandInColours.writeInto(dir.resolve("models"));
    StandInDetector.writeInto(dir.resolve("models"));
    String remote = FakeTriton.writeInto(dir.resolve("models"), FakeTriton.Reads.TOKENS);
    Problems problems = new Problems();
    try (OnnxRuntime runtime = OnnxRuntime.open()) {
      Set<String> names =
          Set.of("magenta", "sentences", "airships", "colour-words", "reds", "squares", remote);
      var loaded = Models.load(runtime, dir.resolve("models"), names, problems);
      assertThat(problems.list()).isEmpty();
      try (ModelStore store = loaded.orElseThrow()) {
        Map<String, LoadedModel> models = store.models();
        assertThat(models.get("magenta")).isInstanceOf(ImageModel.class);
        assertThat(models.get("sentences")).isInstanceOf(TextModel.class);
        assertThat(models.get("airships")).isInstanceOf(TextClassifierModel.class);
        assertThat(models.get("colours")).isInstanceOf(ImageEmbeddingModel.class);
        assertThat(models.get("colour-words")).isInstanceOf(TextModel.class);
        assertThat(models.get("reds")).isInstanceOf(HeadModel.class);
        assertThat(models.get("squares")).isInstanceOf(BoxModel.class);
        assertThat(models.get(remote)).isInstanceOf(RemoteModel.class);
      }
    }
  }

  /** The documented list, embedded by the documented model, is the documented index. */
  @Test
  void theConceptsOfPicturesLoadOverTheListBesideThem() throws IOException {
    StandInColours.writeInto(dir.resolve("models"));
    MarkdownFile page = MarkdownFile.read("models-README.md");
    write("colours.txt", page.section("### Concepts of pictures").blocks("text").getFirst());
    CommandRun run =
        CommandRun.of(
            "models",
            "embed",
            dir.resolve("colours.txt"),
            "--model",
            dir.resolve("models/colour-words"),
            "--out",
            dir.resolve("colours"));
    assertThat(run.err()).isEmpty();
    assertThat(dir.resolve("colours.json"))
        .hasContent(page.section("## Files of vectors").blocks("json").getFirst());
    Problems problems = new Problems();
    String file =
        page.blocks("yaml").stream()
            .filter(block -> firstKey(block).equals("concepts"))
            .findFirst()
            .orElseThrow();
    var concepts = VectorConcepts.load(write("colours.yaml", file), problems);
    assertThat(problems.list()).isEmpty();
    assertThat(concepts.orElseThrow().concepts().labels()).containsExactly("reddish", "greenish");
  }

  /** What the detectors of the default policy say, and what the documented lexicon does. */
  private Map<String, Labels> catalogue() throws IOException {
    Map<String, Labels> catalogue = new LinkedHashMap<>();
    for (String name : List.of("prompt-terms", "prompt-concepts", "image-nsfw")) {
      catalogue.put(name, Labels.ANYTHING);
    }
    catalogue.put("acme-terms", new Labels(Set.of(Stage.PROMPT), Set.copyOf(lexicon().labels())));
    catalogue.put("acme-airships", new Labels(Set.of(Stage.PROMPT), Set.of("airship")));
    return catalogue;
  }

  private Lexicon lexicon() throws IOException {
    Problems problems = new Problems();
    var lexicon = Lexicon.read(write("lexicon.yaml", example("lexicon")), problems);
    assertThat(problems.list()).isEmpty();
    return lexicon.orElseThrow();
  }

  private static String example(String firstKey) throws IOException {
    return examples(firstKey).getFirst();
  }

  private static List<String> examples(String firstKey) throws IOException {
    return MarkdownFile.read("README.md").blocks("yaml").stream()
        .filter(block -> firstKey(block).equals(firstKey))
        .toList();
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
