package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The models in service by name, all of them verified and self-tested.
 *
 * <p>Loading is all or nothing: a store holds every model that was asked for, or there is no store.
 * Owns its models. Reading is safe on every thread.
 */
public final class ModelStore implements AutoCloseable {
  /** The name of the sentence model that comes with the gateway. */
  public static final String MINILM = "all-minilm-l6-v2-int8";

  /** Models on our own class path, by name. A folder of such a name would be ambiguous. */
  private static final Map<String, String> EMBEDDED =
      Map.of(MINILM, "/io/sallyport/models/all-minilm-l6-v2-int8.yaml");

  private final Map<String, LoadedModel> models;

  private ModelStore(Map<String, LoadedModel> models) {
    this.models = models;
  }

  /**
   * Loads models: verifies every digest, opens the sessions, warms up, runs every card's examples.
   *
   * <p>Takes seconds and blocks; called before listening and never on an event loop.
   *
   * @param modelsDir the folder whose subfolders are models
   * @param names the models that detectors ask for: subfolders, or {@link #MINILM}
   * @param tokenizers opens the tokenizers of text models
   * @param problems receives everything that is wrong, with file and line
   * @return empty exactly when this load recorded a problem; nothing is left open then
   */
  public static Optional<ModelStore> load(
      OnnxRuntime runtime,
      Path modelsDir,
      Set<String> names,
      Tokenizer.Factory tokenizers,
      Problems problems) {
    int before = problems.list().size();
    ModelLoader loader = new ModelLoader(runtime, tokenizers, problems);
    Map<String, LoadedModel> models = new LinkedHashMap<>();
    for (String name : names.stream().sorted().toList()) {
      bundle(modelsDir, name, problems)
          .flatMap(loader::load)
          .ifPresent(model -> models.put(name, model));
      named(models.get(name), name, problems);
    }
    ModelStore store = new ModelStore(models);
    if (problems.list().size() > before) {
      store.close();
      return Optional.empty();
    }
    return Optional.of(store);
  }

  /** A card that names another model than its folder was copied, and not looked at since. */
  private static void named(@Nullable LoadedModel model, String name, Problems problems) {
    if (model != null && !model.card().name().equals(name)) {
      problems.add(
          model.card().file(),
          0,
          "model: '" + model.card().name() + "' is not the folder's name '" + name + "'");
    }
  }

  private static Optional<Bundle> bundle(Path modelsDir, String name, Problems problems) {
    if (!CardReader.isName(name)) {
      problems.add(modelsDir.toString(), 0, "not a model's name: '" + name + "'");
      return Optional.empty();
    }
    Path folder = modelsDir.resolve(name);
    String resource = EMBEDDED.get(name);
    if (resource == null) {
      return Optional.of(new Bundle.Folder(folder));
    }
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      problems.add(folder.toString(), 0, "has the name of a model that comes with the gateway");
    }
    return Optional.of(new Bundle.Embedded(resource));
  }

  /** A store without models. */
  public static ModelStore none() {
    return new ModelStore(Map.of());
  }

  /** The model of this name. */
  public Optional<LoadedModel> model(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** Every model by the name under which it was asked for, sorted. */
  public Map<String, LoadedModel> models() {
    return Collections.unmodifiableMap(models);
  }

  /** The sides of the views that image models read; what a picture must be prepared for. */
  public Set<Integer> sides() {
    Set<Integer> sides = new TreeSet<>();
    for (LoadedModel model : models.values()) {
      switch (model) {
        case ImageModel image -> sides.add(image.side());
        case TextClassifierModel text -> {}
        case TextModel text -> {}
      }
    }
    return sides;
  }

  /** Closes every model once its runs have ended. */
  @Override
  public void close() {
    models.values().forEach(LoadedModel::close);
  }
}
