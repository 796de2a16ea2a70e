package io.sallyport;

import io.sallyport.detect.onnx.ModelVersion;
import io.sallyport.policy.Policy;
import io.sallyport.proxy.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is in force, for operators. */
final class Status {
  private Status() {}

  static Map<String, Object> of(String version, Rules rules, Fleet fleet) {
    List<Map<String, Object>> policies = new ArrayList<>();
    for (String name : rules.policies().names()) {
      Policy policy = rules.policies().get(name).orElseThrow();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("policy", name);
      row.put("digest", policy.digest());
      row.put("rules", policy.rules().size());
      row.put("shadow", policy.shadow());
      policies.add(row);
    }
    List<Map<String, Object>> detectors = new ArrayList<>();
    rules
        .panel()
        .detectors()
        .forEach(
            detector -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("detector", detector.name());
              row.put("digest", detector.digest());
              row.put("advisory", detector.advisory());
              row.put("labels", detector.labels().stream().sorted().toList());
              detectors.add(row);
            });
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("policies", policies);
    status.put("detectors", detectors);
    status.put("models", models(fleet));
    return status;
  }

  /** The versions in force, and who stands beside them. */
  static List<Map<String, Object>> models(Fleet fleet) {
    Lineup lineup = fleet.current();
    List<Map<String, Object>> models = new ArrayList<>();
    lineup
        .digests()
        .forEach(
            (name, digest) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("model", name);
              row.put("digest", digest);
              fleet.previous(name).ifPresent(it -> row.put("previous", it.digest()));
              Map<String, String> challengers = new TreeMap<>();
              for (String detector : fleet.detectorsOn(name)) {
                ModelVersion challenger = lineup.challengers().get(detector);
                if (challenger != null) {
                  challengers.put(detector, challenger.digest());
                }
              }
              if (!challengers.isEmpty()) {
                row.put("challengers", challengers);
              }
              models.add(row);
            });
    return models;
  }
}
