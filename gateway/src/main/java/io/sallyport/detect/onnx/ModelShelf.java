package io.sallyport.detect.onnx;

import io.sallyport.detect.UseCount;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The versions of models that are open now, each once however many use it, over the folder where
 * all versions lie.
 *
 * <p>A version that is taken is loaded, verified and self-tested, or the same one that others use
 * already. It is closed, on a thread of its own, when its last user leaves: never under an
 * inspection. Owns all that is open; safe on every thread, and blocks for seconds.
 */
public final class ModelShelf implements AutoCloseable {
  private final OnnxRuntime runtime;
  private final VersionFinder finder;
  private final Tokenizer.Factory tokenizers;
  private final ExamplePictures pictures;
  private final Map<String, ModelVersion> open = new ConcurrentHashMap<>();

  /**
   * @param dir the folder whose subfolders are models
   * @param tokenizers opens the tokenizers of text models
   * @param pictures opens the image files that cards give as examples
   */
  public ModelShelf(
      OnnxRuntime runtime, Path dir, Tokenizer.Factory tokenizers, ExamplePictures pictures) {
    this.runtime = runtime;
    this.finder = new VersionFinder(dir);
    this.tokenizers = tokenizers;
    this.pictures = pictures;
  }

  /** Every version of a model on disk, those with an unusable card too. */
  public List<FoundVersion> found(String name) {
    return finder.all(name, new Problems());
  }

  /** The version on disk that is to run; empty, with problems, when there is none. */
  public Optional<FoundVersion> wanted(String name, Problems problems) {
    return finder.wanted(name, problems);
  }

  /** True when several versions lie there and no file tells which one is to run. */
  public boolean undecided(String name) {
    return finder.undecided(name);
  }

  /**
   * The version on disk whose digest begins so.
   *
   * @param problem hears why there is none
   */
  public Optional<FoundVersion> find(String name, String prefix, Consumer<String> problem) {
    if (!ActiveFile.isPrefix(prefix)) {
      problem.accept("expected a digest: 12 to 64 lower-case hex digits");
      return Optional.empty();
    }
    return VersionFinder.one(found(name), prefix, problem);
  }

  /**
   * Takes a version for use; the caller leaves its {@link ModelVersion#uses()} when done.
   *
   * @param loaded hears of a version that was not open before
   * @param problems receives all that is wrong, with file and line; then nothing is left open
   */
  public synchronized Optional<ModelVersion> take(
      FoundVersion found, Consumer<ModelVersion> loaded, Problems problems) {
    ModelVersion there = open.get(key(found.name(), found.digest()));
    if (there != null && there.uses().enter()) {
      return Optional.of(there);
    }
    Optional<ModelVersion> made =
        new ModelLoader(runtime, tokenizers, pictures, problems)
            .load(found.bundle())
            .flatMap(model -> same(found, model, problems))
            .map(model -> shelve(found, model));
    made.ifPresent(loaded);
    return made;
  }

  /** A folder that is written while it is read may hold another card by now. */
  private static Optional<LoadedModel> same(
      FoundVersion found, LoadedModel model, Problems problems) {
    if (model.digest().equals(found.digest()) && model.card().name().equals(found.name())) {
      return Optional.of(model);
    }
    problems.add(model.card().file(), 0, "changed while it was read");
    model.close();
    return Optional.empty();
  }

  private ModelVersion shelve(FoundVersion found, LoadedModel model) {
    String key = key(found.name(), model.digest());
    UseCount uses =
        new UseCount(
            () -> {
              open.values().removeIf(it -> it.model() == model);
              // The last user may be an event loop, and closing a session takes its time.
              Thread.ofPlatform().daemon().name("model-close").start(model::close);
            });
    ModelVersion version = new ModelVersion(found.name(), found.folder(), model, uses);
    open.put(key, version);
    return version;
  }

  private static String key(String name, String digest) {
    return name + " " + digest;
  }

  /** True while the version is open. */
  public boolean isOpen(String name, String digest) {
    return open.containsKey(key(name, digest));
  }

  /**
   * Writes down which version is to run from now on, for this process and the next ones; nothing to
   * write for a model that comes with the gateway.
   *
   * @return puts back what was written there before
   * @throws IOException when the model's folder cannot be written
   */
  public Undo point(String name, String digest) throws IOException {
    if (VersionFinder.embedded(name)) {
      return () -> {};
    }
    ActiveFile active = finder.active(name);
    Optional<String> before = active.raw();
    active.write(digest);
    return () -> active.restore(before);
  }

  /** Takes a change back. */
  @FunctionalInterface
  public interface Undo {
    void run() throws IOException;
  }

  /** Closes every version once its runs have ended, whoever uses it. */
  @Override
  public void close() {
    open.values().forEach(version -> version.model().close());
    open.clear();
  }
}
