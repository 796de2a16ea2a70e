package io.sallyport.detect.onnx.export;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.GraphShape;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Makes a model folder of an export: reads it, drafts a card, loads it, asks the model what it
 * answers, writes that down as the card's examples, and loads it once more as the gateway would.
 *
 * <p>Takes seconds and blocks. For one thread.
 */
public final class ExportImport {
  private static final String CONFIG = "config.json";

  /** What one machine's arithmetic is off from another's; integer kernels differ the most. */
  private static final double TOLERANCE = 0.02;

  private static final double QUANTISED_TOLERANCE = 0.06;

  private final OnnxRuntime runtime;
  private final Tokenizer.Factory tokenizers;
  private final ExportRequest request;
  private final Problems problems = new Problems();
  private final Notes notes = new Notes();
  private final ExportFolder folder;

  /**
   * Prepares an import.
   *
   * @param tokenizers opens the tokenizers of text models
   */
  public ExportImport(OnnxRuntime runtime, Tokenizer.Factory tokenizers, ExportRequest request) {
    this.runtime = runtime;
    this.tokenizers = tokenizers;
    this.request = request;
    this.folder = new ExportFolder(request.folder(), problems);
  }

  /**
   * Imports. The target is written whole or not at all.
   *
   * @return what was taken and what was assumed, line by line; the last line tells where the card
   *     is
   * @throws io.sallyport.yaml.InvalidFileException with everything that is wrong or not supported
   * @throws IOException when the target cannot be written
   */
  public List<String> run() throws IOException {
    Target target = Target.of(request, problems);
    JsonNode config = folder.json(CONFIG);
    if (config.isMissingNode() && problems.isEmpty()) {
      folder.problem(CONFIG, "is not there");
    }
    Optional<String> graph = folder.graph(request.graph());
    problems.throwIfAny();
    String chosen = graph.orElseThrow();
    GraphShape shape = shape(chosen);
    notes.took("graph", chosen, request.graph().isPresent() ? "--graph" : "the folder");
    CardDraft draft = draft(config, chosen, shape);
    problems.throwIfAny();
    CardFile card = new CardFile(target.name(), draft, licence(), source());
    Path written =
        target.write(
            folder, draft, chosen, models -> finish(models, card, target.inFolder(chosen)));
    notes.took("self-test", "passed, on the examples in the card", "this machine's answers");
    notes.took("card", written.toString(), "digests of all files in it");
    return notes.lines();
  }

  private GraphShape shape(String graph) {
    Optional<byte[]> bytes = folder.bytes(graph);
    problems.throwIfAny();
    try {
      return GraphShape.of(runtime, bytes.orElseThrow());
    } catch (IllegalArgumentException e) {
      folder.problem(graph, String.valueOf(e.getMessage()));
      problems.throwIfAny();
      throw e;
    }
  }

  private CardDraft draft(JsonNode config, String graph, GraphShape shape) {
    CardDraft draft = CardDraft.NONE;
    if (TextCard.fits(shape) && ImageCard.fits(shape)) {
      folder.problem(
          graph,
          "takes a text and a picture at once; each half is a model of its own"
              + folder.otherGraphs());
    } else if (TextCard.fits(shape)) {
      draft = new TextCard(folder, notes).draft(config, graph, shape, tokenizers);
    } else if (ImageCard.fits(shape)) {
      draft = new ImageCard(folder, notes).draft(config, graph, shape);
    } else {
      folder.problem(
          graph, "takes " + shape.inputs().keySet() + ", neither input_ids nor pixel_values");
    }
    notes.took("kind", draft.kind(), "the graph");
    return draft;
  }

  private String licence() {
    Optional<String> stated = folder.licence();
    if (request.licence().isPresent()) {
      return request.licence().get();
    }
    if (stated.isPresent()) {
      notes.took("licence", stated.get(), "README.md");
      return stated.get();
    }
    notes.assumed("licence", "not stated", "the export does not say; see --licence");
    return "not stated";
  }

  private String source() {
    return request
        .source()
        .orElse("export " + request.folder().toAbsolutePath().normalize().getFileName());
  }

  /** Writes the card of a folder whose other files are there: loosely, then with its answers. */
  private void finish(Path models, CardFile card, String graph) throws IOException {
    Path place = models.resolve(card.name());
    card.write(place, graph, List.of(card.draft().looseExample()));
    List<String> examples = ask(models, card, graph);
    card.write(place, graph, examples);
    load(models, card.name()).close();
  }

  private List<String> ask(Path models, CardFile card, String graph) {
    try (ModelStore store = load(models, card.name())) {
      LoadedModel model = store.model(card.name()).orElseThrow();
      boolean quantised = graph.contains("quant") || graph.contains("int8");
      return card.draft().questions().ask(model, quantised ? QUANTISED_TOLERANCE : TOLERANCE);
    } catch (UnavailableException e) {
      folder.problem(graph, "has no answer: " + e.why().wire() + " (" + e.getMessage() + ")");
      problems.throwIfAny();
      throw new IllegalStateException(e);
    }
  }

  private ModelStore load(Path models, String name) {
    Optional<ModelStore> store =
        ModelStore.load(runtime, models, Set.of(name), tokenizers, problems);
    problems.throwIfAny();
    return store.orElseThrow();
  }
}
