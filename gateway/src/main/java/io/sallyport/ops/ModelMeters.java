package io.sallyport.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;

/** The metrics of the life of models: versions, challengers, drift. Safe on every thread. */
public final class ModelMeters {
  private final Info versions;
  private final Counter changes;
  private final Counter challenges;
  private final Counter verdicts;
  private final Summary differences;
  private final ScoreDrift drift;

  ModelMeters(PrometheusRegistry registry) {
    versions =
        Info.builder()
            .name("sallyport_model_info")
            .help("Versions of models in force")
            .labelNames("model", "digest")
            .register(registry);
    changes =
        counter(
            registry,
            "model_changes",
            "Versions activated, rolled back or refused",
            "model",
            "result");
    challenges =
        counter(
            registry,
            "challenges",
            "Requests about which a challenger was asked",
            "detector",
            "stage",
            "result");
    verdicts =
        counter(
            registry,
            "challenger_verdicts",
            "Verdicts that a challenger's scores would have made, against those that were made",
            "detector",
            "stage",
            "result");
    differences =
        Summary.builder()
            .name("sallyport_challenger_difference")
            .help("How far a challenger's scores are from the champion's")
            .labelNames("detector", "label")
            .register(registry);
    drift = new ScoreDrift(registry);
  }

  /** A version that came into force; the digest that it replaces goes away. */
  public void inForce(String model, String oldDigest, String digest) {
    if (!oldDigest.isEmpty()) {
      versions.remove(model, oldDigest);
    }
    versions.addLabelValues(model, digest);
  }

  /**
   * A version was put into force, or was not.
   *
   * @param result {@code activated}, {@code rolled_back} or {@code refused}
   */
  public void changed(String model, String result) {
    changes.labelValues(model, result).inc();
  }

  /**
   * A challenger was asked about one stage of one request.
   *
   * @param result {@code ok}, {@code skipped}, or the wire name of the cause
   */
  public void challenged(String detector, String stage, String result) {
    challenges.labelValues(detector, stage, result).inc();
  }

  /**
   * A challenger's answer was put in the champion's place.
   *
   * @param result {@code same}, {@code stricter} or {@code milder}
   */
  public void compared(String detector, String stage, String result) {
    verdicts.labelValues(detector, stage, result).inc();
  }

  /** How far a label's two scores are apart, from 0 to 1. */
  public void difference(String detector, String label, double difference) {
    differences.labelValues(detector, label).observe(difference);
  }

  /** Follows the scores of a detector from now on; afresh when its digest changed. */
  public void follow(String detector, String digest, Collection<String> labels) {
    drift.follow(detector, digest, labels);
  }

  /** A score by the detector with this digest. */
  public void scored(String detector, String digest, String label, double score) {
    drift.add(detector, digest, label, score);
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder()
        .name("sallyport_" + name)
        .help(help)
        .labelNames(labels)
        .register(registry);
  }
}
