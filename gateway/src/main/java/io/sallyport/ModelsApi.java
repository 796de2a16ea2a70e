package io.sallyport;

import io.sallyport.console.ModelDesk;
import io.sallyport.detect.onnx.FoundVersion;
import io.sallyport.detect.onnx.ModelVersion;
import io.sallyport.yaml.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Versions of models as the admin API tells and changes them. Safe on every thread; blocks. */
final class ModelsApi {
  private static final int PREFIX_LEAST = 12;

  private final Fleet fleet;
  private final PolicyReload reload;

  ModelsApi(Fleet fleet, PolicyReload reload) {
    this.fleet = fleet;
    this.reload = reload;
  }

  ModelDesk desk() {
    return new ModelDesk(this::list, this::activate, this::rollBack);
  }

  /** Every model that detectors run on, with the versions on disk and what they are just now. */
  private Map<String, Object> list() {
    List<Map<String, Object>> models = new ArrayList<>();
    for (String name : fleet.names()) {
      Map<String, Object> model = new LinkedHashMap<>();
      model.put("model", name);
      model.put("detectors", fleet.detectorsOn(name));
      model.put("versions", versions(name));
      models.add(model);
    }
    return Map.of("models", models);
  }

  private List<Map<String, Object>> versions(String name) {
    Lineup lineup = fleet.current();
    List<Map<String, Object>> versions = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (FoundVersion found : fleet.shelf().found(name)) {
      versions.add(version(found, lineup));
      seen.add(found.digest());
    }
    // What is in memory may be on disk no more.
    Optional.ofNullable(lineup.champions().get(name))
        .filter(version -> !seen.contains(version.digest()))
        .ifPresent(version -> versions.addFirst(gone(version, "active")));
    fleet
        .previous(name)
        .filter(version -> !seen.contains(version.digest()))
        .ifPresent(version -> versions.add(gone(version, "previous")));
    return versions;
  }

  private Map<String, Object> version(FoundVersion found, Lineup lineup) {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("digest", found.digest());
    version.put("folder", found.folder());
    version.put("state", state(found.name(), found.digest(), lineup));
    found
        .card()
        .ifPresent(
            card -> {
              version.put("labels", card.kind().labels());
              version.put("licence", card.licence());
              version.put("source", card.source());
            });
    if (!found.problems().isEmpty()) {
      version.put("problems", found.problems().stream().map(Problem::toString).toList());
    }
    return version;
  }

  private static Map<String, Object> gone(ModelVersion version, String state) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("digest", version.digest());
    told.put("folder", "");
    told.put("state", state);
    told.put("labels", version.model().card().kind().labels());
    return told;
  }

  private String state(String name, String digest, Lineup lineup) {
    if (digest.isEmpty()) {
      return "unusable";
    }
    if (lineup.runs(name, digest)) {
      return "active";
    }
    boolean challenger =
        lineup.challengers().values().stream()
            .anyMatch(it -> it.name().equals(name) && it.digest().equals(digest));
    if (challenger) {
      return "challenger";
    }
    return fleet.previous(name).filter(it -> it.digest().equals(digest)).isPresent()
        ? "previous"
        : "available";
  }

  private ModelDesk.Reply activate(String model, String prefix) {
    if (!fleet.names().contains(model)) {
      return error(404, "no detector runs on a model named '" + model + "'");
    }
    if (prefix.length() < PREFIX_LEAST) {
      return error(400, "expected a digest: at least " + PREFIX_LEAST + " hex digits");
    }
    List<FoundVersion> found = fleet.shelf().found(model);
    Map<String, FoundVersion> matching =
        found.stream()
            .filter(version -> version.digest().startsWith(prefix))
            .collect(Collectors.toMap(FoundVersion::digest, it -> it, (one, other) -> one));
    if (matching.size() > 1) {
      return error(409, "several versions have a digest that begins so");
    }
    if (matching.isEmpty()) {
      return refused(404, unusable(prefix, found));
    }
    return activate(matching.values().iterator().next());
  }

  /**
   * A card with a mistake has no digest by which it could be found: its problems are the answer.
   */
  private static List<String> unusable(String prefix, List<FoundVersion> found) {
    List<String> problems = new ArrayList<>();
    problems.add("no version has the digest " + prefix);
    found.forEach(version -> version.problems().forEach(it -> problems.add(it.toString())));
    return problems;
  }

  private ModelDesk.Reply activate(FoundVersion version) {
    List<String> problems = reload.activate(version);
    if (!problems.isEmpty()) {
      return refused(422, problems);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "active");
    body.put("model", version.name());
    body.put("digest", version.digest());
    fleet.previous(version.name()).ifPresent(it -> body.put("previous", it.digest()));
    return new ModelDesk.Reply(200, body);
  }

  private ModelDesk.Reply rollBack(String model) {
    if (!fleet.names().contains(model)) {
      return error(404, "no detector runs on a model named '" + model + "'");
    }
    return fleet
        .previous(model)
        .map(version -> activate(model, version.digest()))
        .orElseGet(() -> error(409, "no version ran before this one"));
  }

  private static ModelDesk.Reply error(int status, String error) {
    return new ModelDesk.Reply(status, Map.of("error", error));
  }

  private static ModelDesk.Reply refused(int status, List<String> problems) {
    return new ModelDesk.Reply(status, Map.of("status", "refused", "problems", problems));
  }
}
