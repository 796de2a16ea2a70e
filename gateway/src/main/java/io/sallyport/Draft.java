package io.sallyport;

import io.sallyport.detect.onnx.FoundVersion;
import io.sallyport.detect.onnx.ModelShelf;
import io.sallyport.detect.onnx.ModelVersion;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A line-up in the making: versions taken from the shelf, and those that were refused. One thread.
 */
final class Draft {
  private final ModelShelf shelf;
  private final Map<String, ModelVersion> champions = new HashMap<>();
  private final Map<String, ModelVersion> challengers = new HashMap<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<ModelVersion> loaded = new ArrayList<>();

  Draft(ModelShelf shelf) {
    this.shelf = shelf;
  }

  /**
   * A version that stays out.
   *
   * @param model the model
   * @param digest the version; empty when not even that is known
   * @param problems why
   */
  record Refusal(String model, String digest, List<Problem> problems) {}

  /**
   * Takes the wanted version of a model; when that cannot be had, it is refused and the one in
   * service stays.
   *
   * @param now the one in service, which this draft's maker holds
   * @return the one that is in the line-up
   */
  Optional<ModelVersion> champion(
      String model, @Nullable ModelVersion now, Function<Problems, Optional<FoundVersion>> wanted) {
    Optional<ModelVersion> chosen = choose(model, now, wanted);
    chosen.ifPresent(version -> champions.put(model, version));
    return chosen;
  }

  /** As {@link #champion}; a challenger that is the champion already has nobody to challenge. */
  void challenger(
      String detector,
      String model,
      @Nullable ModelVersion now,
      Function<Problems, Optional<FoundVersion>> wanted) {
    Optional<ModelVersion> chosen = choose(model, now, wanted);
    if (chosen.isEmpty()) {
      return;
    }
    ModelVersion champion = champions.get(model);
    if (champion != null && champion.digest().equals(chosen.get().digest())) {
      chosen.get().uses().leave();
    } else {
      challengers.put(detector, chosen.get());
    }
  }

  private Optional<ModelVersion> choose(
      String model, @Nullable ModelVersion now, Function<Problems, Optional<FoundVersion>> wanted) {
    Problems problems = new Problems();
    Optional<FoundVersion> found = wanted.apply(problems);
    Optional<ModelVersion> taken = Optional.empty();
    if (found.isPresent() && (now == null || !now.digest().equals(found.get().digest()))) {
      taken = shelf.take(found.get(), loaded::add, problems);
    }
    if (!problems.isEmpty()) {
      String digest = found.map(FoundVersion::digest).orElse("");
      refusals.add(new Refusal(model, digest, problems.list()));
    }
    if (taken.isEmpty() && now != null && now.uses().enter()) {
      return Optional.of(now);
    }
    return taken;
  }

  /** What was refused, in order. */
  List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  /** Why this version was refused. */
  List<Problem> problems(String digest) {
    return refusals.stream()
        .filter(refusal -> refusal.digest().equals(digest))
        .flatMap(refusal -> refusal.problems().stream())
        .toList();
  }

  /** What was not open before. */
  List<ModelVersion> loaded() {
    return List.copyOf(loaded);
  }

  /** The line-up; the caller's to release. */
  Lineup lineup() {
    return new Lineup(champions, challengers);
  }
}
