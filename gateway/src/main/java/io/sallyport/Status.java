package io.sallyport;

import io.sallyport.policy.Policy;
import io.sallyport.proxy.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is in force, for operators. */
final class Status {
  private Status() {}

  static Map<String, Object> of(String version, Rules rules) {
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
              row.put("labels", detector.labels().stream().sorted().toList());
              detectors.add(row);
            });
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("policies", policies);
    status.put("detectors", detectors);
    return status;
  }
}
