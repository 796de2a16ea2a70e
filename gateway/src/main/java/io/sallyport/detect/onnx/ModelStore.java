package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Models by name, one version of each, all of them verified and self-tested.
 *
 * <p>Loading is all or nothing: a store holds every model that was asked for, or there is no store.
 * Owns its models. Reading is safe on every thread.
 */
public final class ModelStore implements AutoCloseable {
  /** The name of the sentence model that comes with the gateway. */
  public static final String MINILM = "all-minilm-l6-v2-int8";

  private final Map<String, LoadedModel> models;

  private ModelStore(Map<String, LoadedModel> models) {
    this.models = models;
  }

  /** As below, where no card shows the file of an image. */
  public static Optional<ModelStore> load(
      OnnxRuntime runtime,
      Path modelsDir,
      Set<String> names,
      Tokenizer.Factory tokenizers,
      Problems problems) {
    return load(runtime, modelsDir, names, tokenizers, ExamplePictures.NONE, problems);
  }

  /**
   * Loads models: verifies every digest, opens the sessions, warms up, runs every card's examples.
   *
   * <p>Takes seconds and blocks; called before listening and never on an event loop.
   *
   * @param modelsDir the folder whose subfolders are models
   * @param names the models that detectors ask for: subfolders, or {@link #MINILM}. The embedding
   *     model that a head stands on is loaded with it
   * @param tokenizers opens the tokenizers of text models
   * @param pictures opens the image files that cards give as examples
   * @param problems receives everything that is wrong, with file and line
   * @return empty exactly when this load recorded a problem; nothing is left open then
   */
  public static Optional<ModelStore> load(
      OnnxRuntime runtime,
      Path modelsDir,
      Set<String> names,
      Tokenizer.Factory tokenizers,
      ExamplePictures pictures,
      Problems problems) {
    int before = problems.list().size();
    ModelLoader loader = new ModelLoader(runtime, tokenizers, pictures, problems);
    VersionFinder finder = new VersionFinder(modelsDir);
    Map<String, LoadedModel> models = new LinkedHashMap<>();
    SortedSet<String> wanted = new TreeSet<>(names);
    Set<String> tried = new HashSet<>();
    while (!wanted.isEmpty()) {
      String name = wanted.removeFirst();
      tried.add(name);
      finder
          .wanted(name, problems)
          .flatMap(found -> loader.load(found.bundle()))
          .ifPresent(model -> models.put(name, model));
      if (models.get(name) instanceof HeadModel head && !tried.contains(head.input().embedding())) {
        wanted.add(head.input().embedding());
      }
    }
    ModelStore store = new ModelStore(models);
    store.check(problems);
    if (problems.list().size() > before) {
      store.close();
      return Optional.empty();
    }
    return Optional.of(store);
  }

  /**
   * Loads the version that lies in this very folder, whichever is to run; as {@link #load}.
   *
   * @param folder {@code models/NAME} or {@code models/NAME/VERSION}; its card has that name
   */
  public static Optional<ModelStore> loadVersion(
      OnnxRuntime runtime,
      Path folder,
      Tokenizer.Factory tokenizers,
      ExamplePictures pictures,
      Problems problems) {
    return new ModelLoader(runtime, tokenizers, pictures, problems)
        .load(new Bundle.Folder(folder))
        .flatMap(model -> placed(model, folder.toAbsolutePath().normalize(), problems));
  }

  private static Optional<ModelStore> placed(LoadedModel model, Path folder, Problems problems) {
    String name = model.card().name();
    Path above = folder.getParent();
    if (folder.endsWith(name) || (above != null && above.endsWith(name))) {
      return Optional.of(new ModelStore(Map.of(name, model)));
    }
    problems.add(model.card().file(), 0, VersionFinder.misnamed(name, folder.getFileName()));
    model.close();
    return Optional.empty();
  }

  /** The models of a folder, by their names: those that have a version there. */
  public static Set<String> namesIn(Path modelsDir) throws IOException {
    VersionFinder finder = new VersionFinder(modelsDir);
    Set<String> names = new TreeSet<>();
    try (Stream<Path> folders = Files.list(modelsDir)) {
      folders
          .map(folder -> String.valueOf(folder.getFileName()))
          .filter(CardReader::isName)
          .filter(name -> !VersionFinder.embedded(name))
          .filter(name -> !finder.all(name, new Problems()).isEmpty())
          .forEach(names::add);
    }
    return names;
  }

  /** A store of models that somebody else keeps open and closes. */
  public static ModelStore of(Map<String, LoadedModel> models) {
    return new ModelStore(new TreeMap<>(models));
  }

  /** A store without models. */
  /** Finds heads whose embedding model is another one than their cards say. */
  public void check(Problems problems) {
    Foundations.check(models, problems);
  }

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

  /** What the views that image models read are like; what a picture must be prepared for. */
  public Set<Framing> framings() {
    Set<Framing> framings = new LinkedHashSet<>();
    for (LoadedModel model : models.values()) {
      switch (model) {
        case ImageScorer image -> framings.add(image.framing());
        case ImageEmbeddingModel image -> framings.add(image.framing());
        case HeadModel head -> {}
        case TextClassifierModel text -> {}
        case TextModel text -> {}
        case RemoteModel remote -> {
          if (remote.kind().input() instanceof RemoteInput.Pixels pixels) {
            framings.add(pixels.input().framing());
          }
        }
      }
    }
    return framings;
  }

  /** Closes every model once its runs have ended. */
  @Override
  public void close() {
    models.values().forEach(LoadedModel::close);
  }
}
