package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.config.GatewayConfig.Challenger;
import io.sallyport.detect.onnx.FoundVersion;
import io.sallyport.detect.onnx.ModelShelf;
import io.sallyport.detect.onnx.ModelVersion;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which version of each model is to run, which one does, and which one did before: that one stays
 * open, so that going back takes no loading.
 *
 * <p>Used by one thread at a time; {@link PolicyReload} sees to that.
 */
final class Fleet {
  private final String configFile;
  private final GatewayConfig config;
  private final ModelShelf shelf;
  private final Set<String> names;
  private final Map<String, ModelVersion> previous = new HashMap<>();
  private volatile Lineup current = Lineup.EMPTY;

  Fleet(String configFile, GatewayConfig config, ModelShelf shelf) {
    this.configFile = configFile;
    this.config = config;
    this.shelf = shelf;
    this.names = Models.named(config);
  }

  /** The models that detectors run on, those below heads included. */
  Set<String> names() {
    Set<String> all = new TreeSet<>(names);
    all.addAll(current.champions().keySet());
    return all;
  }

  /** The detectors that run on a model. */
  Set<String> detectorsOn(String model) {
    Set<String> detectors = new TreeSet<>();
    config
        .detectors()
        .forEach(
            (name, detector) -> {
              String own = Models.of(detector);
              if (own.equals(model) || current.below(own).filter(model::equals).isPresent()) {
                detectors.add(name);
              }
            });
    return detectors;
  }

  ModelShelf shelf() {
    return shelf;
  }

  /** What is in force. */
  Lineup current() {
    return current;
  }

  /** The version that ran before the one in force; empty when there was none. */
  synchronized Optional<ModelVersion> previous(String model) {
    return Optional.ofNullable(previous.get(model));
  }

  /**
   * What the files want now. A version that cannot be had is refused, and the one in service stays;
   * at the start there is none, and the model is missing from the line-up.
   */
  Draft wanted() {
    return draft(name -> problems -> wanted(name, problems));
  }

  /** The line-up in force with one model in this version, and what that one needs besides. */
  Draft with(FoundVersion version) {
    return draft(name -> problems -> with(version, name, problems));
  }

  private Optional<FoundVersion> with(FoundVersion version, String name, Problems problems) {
    if (name.equals(version.name())) {
      return Optional.of(version);
    }
    boolean runs = current.champions().containsKey(name);
    return runs ? Optional.empty() : shelf.wanted(name, problems);
  }

  /** The line-up in force, once more. */
  Draft kept() {
    return draft(name -> problems -> Optional.empty());
  }

  private Draft draft(Function<String, Function<Problems, Optional<FoundVersion>>> wanted) {
    Draft draft = new Draft(shelf);
    SortedSet<String> left = new TreeSet<>(names);
    Set<String> tried = new HashSet<>();
    while (!left.isEmpty()) {
      String name = left.removeFirst();
      tried.add(name);
      draft
          .champion(name, current.champions().get(name), wanted.apply(name))
          .flatMap(Lineup::below)
          .filter(below -> !tried.contains(below))
          .ifPresent(left::add);
    }
    config
        .challengers()
        .forEach(
            (detector, challenger) -> {
              String model = Models.of(detector(detector));
              ModelVersion now = current.challengers().get(detector);
              draft.challenger(detector, model, now, found(model, challenger));
            });
    return draft;
  }

  private DetectorConfig detector(String name) {
    DetectorConfig detector = config.detectors().get(name);
    if (detector == null) {
      throw new IllegalStateException("a challenger without its detector: " + name);
    }
    return detector;
  }

  private Function<Problems, Optional<FoundVersion>> found(String model, Challenger challenger) {
    return problems ->
        shelf.find(
            model,
            challenger.version(),
            message -> problems.add(configFile, challenger.line(), "challenger: " + message));
  }

  private Optional<FoundVersion> wanted(String name, Problems problems) {
    ModelVersion now = current.champions().get(name);
    if (now != null && shelf.undecided(name)) {
      pin(now, problems);
      return Optional.empty();
    }
    return shelf.wanted(name, problems);
  }

  /**
   * A second version was put beside the only one: the one that runs is the one to run, in writing.
   */
  private void pin(ModelVersion now, Problems problems) {
    try {
      ModelShelf.Undo _ = shelf.point(now.name(), now.digest());
    } catch (IOException e) {
      problems.add(
          config.models().resolve(now.name()).toString(),
          0,
          "holds several versions, and no file 'active' can be written: a restart could not tell"
              + " which one runs");
    }
  }

  /** Says what is in force from now on; its rules hold it. */
  synchronized void inForce(Lineup next) {
    for (String model : next.changedFrom(current)) {
      remember(model, current.champions().get(model));
    }
    current = next;
  }

  private void remember(String model, @Nullable ModelVersion replaced) {
    if (replaced != null && replaced.uses().enter()) {
      ModelVersion older = previous.put(model, replaced);
      if (older != null) {
        older.uses().leave();
      }
    }
  }
}
