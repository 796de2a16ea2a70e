package io.sallyport;

import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.ModelVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One version of each model, as one set of rules runs on them, and the challengers beside them.
 * Whoever has it holds every version once, until {@link #release}. Immutable.
 *
 * @param champions by model; those whose answers are judged
 * @param challengers by detector; asked for comparison only
 */
record Lineup(Map<String, ModelVersion> champions, Map<String, ModelVersion> challengers) {
  static final Lineup EMPTY = new Lineup(Map.of(), Map.of());

  Lineup {
    champions = Map.copyOf(champions);
    challengers = Map.copyOf(challengers);
  }

  /** The models that judge, by name. */
  ModelStore models() {
    return ModelStore.of(loaded());
  }

  /** The same with a detector's challenger in the place of its champion. */
  ModelStore modelsWithChallenger(String detector) {
    Map<String, LoadedModel> models = loaded();
    ModelVersion challenger = challengers.get(detector);
    if (challenger != null) {
      models.put(challenger.name(), challenger.model());
    }
    return ModelStore.of(models);
  }

  private Map<String, LoadedModel> loaded() {
    Map<String, LoadedModel> models = new HashMap<>();
    champions.forEach((name, version) -> models.put(name, version.model()));
    return models;
  }

  /** The embedding model that a head stands on; empty for every other kind. */
  static Optional<String> below(ModelVersion version) {
    return version.model() instanceof HeadModel head
        ? Optional.of(head.input().embedding())
        : Optional.empty();
  }

  /** As {@link #below(ModelVersion)}, of the version of a model that judges. */
  Optional<String> below(String model) {
    return Optional.ofNullable(champions.get(model)).flatMap(Lineup::below);
  }

  /** The digests of the champions by model, sorted. */
  Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    champions.forEach((name, version) -> digests.put(name, version.digest()));
    return digests;
  }

  /** True when this version of the model judges. */
  boolean runs(String model, String digest) {
    ModelVersion version = champions.get(model);
    return version != null && version.digest().equals(digest);
  }

  /** True when this very version is in it, as champion or challenger. */
  boolean holds(ModelVersion version) {
    return champions.containsValue(version) || challengers.containsValue(version);
  }

  /** The models that run another version here than there, or did not run there. */
  Set<String> changedFrom(Lineup before) {
    Set<String> changed = new HashSet<>();
    champions.forEach(
        (name, version) -> {
          if (!before.runs(name, version.digest())) {
            changed.add(name);
          }
        });
    return changed;
  }

  /** True when both run the same versions, challengers included. */
  boolean same(Lineup other) {
    return digests().equals(other.digests()) && shadowed().equals(other.shadowed());
  }

  private Map<String, String> shadowed() {
    Map<String, String> digests = new TreeMap<>();
    challengers.forEach((detector, version) -> digests.put(detector, version.digest()));
    return digests;
  }

  /** Lets go of every version; what nobody else uses is closed. */
  void release() {
    champions.values().forEach(version -> version.uses().leave());
    challengers.values().forEach(version -> version.uses().leave());
  }
}
