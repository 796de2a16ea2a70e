package io.sallyport.load;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All results, and the ratios that thresholds are about. */
final class Report {
  private final Cores cores;
  private final Map<Scenario, Measured> results = new EnumMap<>(Scenario.class);
  private Optional<RawModelRuns.Result> raw = Optional.empty();

  /**
   * @param cores whom what was measured shared its cores with
   */
  Report(Cores cores) {
    this.cores = cores;
  }

  void add(Scenario scenario, Measured measured) {
    results.put(scenario, measured);
  }

  void add(RawModelRuns.Result result) {
    raw = Optional.of(result);
  }

  /** By the names that {@code thresholds.json} uses; only those whose parts were measured. */
  Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    cpu(ratios, "cpu: no detectors / bare proxy", Scenario.NO_DETECTORS, Scenario.BARE);
    cpu(
        ratios,
        "cpu: no detectors / bare proxy, tiny bodies",
        Scenario.NO_DETECTORS_TINY,
        Scenario.BARE_TINY);
    Optional<Measured> prompt = result(Scenario.PROMPT_FULL);
    if (prompt.isPresent() && raw.isPresent()) {
      double cpu = raw.get().cpuMillisPerRun() / prompt.get().cpuMillisPerRequest();
      double wall = prompt.get().perSecond() / raw.get().perSecond();
      // Whoever shares cores with clients cannot show its throughput, but what it costs shows it.
      ratios.put("throughput: prompt gate / raw model runs", cores.pinned() ? wall : cpu);
      ratios.put("cpu: raw model runs / prompt gate", cpu);
    }
    result(Scenario.OVERLOAD)
        .ifPresent(overload -> ratios.put("overload: orderly answers", overload.orderly()));
    Optional<Measured> full = result(Scenario.BOTH_FULL);
    if (full.isPresent() && results.containsKey(Scenario.OVERLOAD)) {
      ratios.put(
          "overload: answers / full speed",
          result(Scenario.OVERLOAD).orElseThrow().perSecond() / full.get().perSecond());
    }
    return ratios;
  }

  /** The table, the ratios, and what is broken. */
  String text(Thresholds thresholds) {
    Table table =
        new Table(
            "scenario",
            "200/s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "/ direct",
            "CPU ms",
            "200",
            "503",
            "other");
    results.forEach((scenario, measured) -> table.add(row(scenario, measured)));
    raw.ifPresent(runs -> table.add(row(runs)));
    Table ratios = new Table("ratio", "measured", "wanted");
    ratios().forEach((name, ratio) -> ratios.add(name, number(ratio), thresholds.describe(name)));
    return "\nMeasured processes on %d core(s), %s.\n\n%s\n%s\n%s"
        .formatted(
            cores.count(),
            cores.pinned()
                ? "all others on the rest"
                : "shared with all others: the throughput ratio is of CPU time",
            table,
            ratios,
            verdict(thresholds));
  }

  private String verdict(Thresholds thresholds) {
    List<String> broken = thresholds.broken(ratios());
    if (thresholds.isEmpty()) {
      return "No threshold is about what was measured.";
    }
    return broken.isEmpty() ? "All thresholds hold." : "BROKEN: " + String.join("; ", broken);
  }

  private void cpu(Map<String, Double> ratios, String name, Scenario of, Scenario to) {
    if (results.containsKey(of) && results.containsKey(to)) {
      ratios.put(
          name,
          result(of).orElseThrow().cpuMillisPerRequest()
              / result(to).orElseThrow().cpuMillisPerRequest());
    }
  }

  private Optional<Measured> result(Scenario scenario) {
    return Optional.ofNullable(results.get(scenario));
  }

  private String[] row(Scenario scenario, Measured measured) {
    double direct = result(scenario.direct()).map(Measured::p50).orElse(Double.NaN);
    long others = measured.requests() - measured.count(200) - measured.count(503);
    return new String[] {
      scenario.title(),
      number(measured.perSecond()),
      number(measured.p50()),
      number(measured.p95()),
      number(measured.p99()),
      number(measured.p50() / direct),
      number(measured.cpuMillisPerRequest()),
      Long.toString(measured.count(200)),
      Long.toString(measured.count(503)),
      Long.toString(others)
    };
  }

  private static String[] row(RawModelRuns.Result runs) {
    return new String[] {
      "raw model runs",
      number(runs.perSecond()),
      "",
      "",
      "",
      "",
      number(runs.cpuMillisPerRun()),
      "",
      "",
      ""
    };
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
