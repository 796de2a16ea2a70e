package io.sallyport.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Every metric of the gateway. Labels are closed sets or names from the operator's own files;
 * nothing that a client sends becomes a label. Safe on every thread.
 */
public final class Meters {
  private static final double[] SECONDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
  };

  private final PrometheusRegistry registry;
  private final Histogram detection;
  private final Histogram queueWait;
  private final Counter decisions;
  private final Counter violations;
  private final Counter notAsked;
  private final Counter refusals;
  private final Counter drift;
  private final Counter coverage;
  private final Counter answers;
  private final Histogram exchange;
  private final Histogram overhead;
  private final Counter bytes;
  private final Histogram commit;
  private final Counter recordFailures;
  private final Counter reloads;
  private final Info build;
  private final Info policies;
  private final StreamMeters streams;
  private final ChannelMeters channels;
  private final ModelMeters models;
  private final LaneMeters lane;
  private final Info decoders;

  public Meters(PrometheusRegistry registry) {
    this.registry = registry;
    detection =
        seconds(
            "detection",
            "Time a detector worked on one sample",
            "stage",
            "detector",
            "result",
            "cause");
    queueWait = seconds("lane_wait", "Time a sample waited for a lane thread", "stage");
    decisions =
        counter(
            "decisions",
            "Decisions; category is the strictest reason's, 'unavailable' when checks failed, or"
                + " 'none'",
            "policy",
            "stage",
            "verdict",
            "would_be",
            "category");
    violations =
        counter(
            "violations", "Rules that applied", "policy", "rule", "category", "verdict", "shadow");
    notAsked =
        counter(
            "not_asked",
            "Detectors not asked about a prompt or image, because nothing hung on their answer",
            "stage",
            "detector",
            "why");
    refusals = counter("refusals", "Requests and replies refused without a verdict", "reason");
    drift =
        counter(
            "adapter_drift",
            "Bodies that hold a text or an image at a place that the dialect does not claim",
            "dialect",
            "route",
            "what");
    coverage =
        counter(
            "coverage",
            "Texts and images that came to a gate, those that detectors judged, those unclaimed",
            "dialect",
            "stage",
            "what");
    answers = counter("answers", "Answers sent", "route", "status", "outcome");
    exchange =
        seconds(
            "exchange", "Time from a request's head to the end of its answer", "route", "outcome");
    overhead =
        seconds(
            "overhead",
            "The gateway's own share of an exchange: all but the upstream call",
            "route",
            "outcome");
    bytes = counter("body_bytes", "Bytes of bodies", "direction");
    commit = seconds("record_commit", "Time of one group commit of the record");
    recordFailures = counter("record_failures", "Events that could not be recorded", "reason");
    reloads = counter("policy_reloads", "Attempts to load changed policies", "result");
    build =
        Info.builder()
            .name("sallyport_build_info")
            .help("What is running")
            .labelNames("version", "java", "onnxruntime")
            .register(registry);
    policies =
        Info.builder()
            .name("sallyport_policy_info")
            .help("Policies in force")
            .labelNames("policy", "digest")
            .register(registry);
    streams = new StreamMeters(registry);
    channels = new ChannelMeters(registry);
    models = new ModelMeters(registry);
    lane = new LaneMeters(registry);
    decoders =
        Info.builder()
            .name("sallyport_image_decoder_info")
            .help("Who decodes a format of images; 'none' refuses it")
            .labelNames("format", "decoder", "version")
            .register(registry);
  }

  /** What concerns replies that come event by event. */
  public StreamMeters streams() {
    return streams;
  }

  /** What concerns WebSockets. */
  public ChannelMeters channels() {
    return channels;
  }

  /** What concerns the versions of models. */
  public ModelMeters models() {
    return models;
  }

  /** Those with a series for each model. */
  public LaneMeters lane() {
    return lane;
  }

  /** One detector's work on one sample; {@code cause} is empty for an answer. */
  public void detection(String stage, String detector, String cause, long nanos) {
    String result = cause.isEmpty() ? "ok" : "unavailable";
    detection.labelValues(stage, detector, result, cause).observe(nanos / 1e9);
  }

  public void queueWait(String stage, long nanos) {
    queueWait.labelValues(stage).observe(nanos / 1e9);
  }

  public void decision(
      String policy, String stage, String verdict, String wouldBe, String category) {
    decisions.labelValues(policy, stage, verdict, wouldBe, category).inc();
  }

  public void violation(
      String policy, String rule, String category, String verdict, boolean shadow) {
    violations.labelValues(policy, rule, category, verdict, Boolean.toString(shadow)).inc();
  }

  /** A detector was spared one item; {@code why} is the judge's word for it. */
  public void notAsked(String stage, String detector, String why) {
    notAsked.labelValues(stage, detector, why).inc();
  }

  /** A dialect does not know all of a body; {@code what} is {@code text} or {@code image}. */
  public void drift(String dialect, String route, String what) {
    drift.labelValues(dialect, route, what).inc();
  }

  /**
   * What came to a gate.
   *
   * @param seen texts, or images where the stage is of images
   * @param judged those of them that the policy has detectors for
   * @param swept those of them that no selector of the dialect claimed
   */
  public void coverage(String dialect, String stage, int seen, int judged, int swept) {
    coverage.labelValues(dialect, stage, "seen").inc(seen);
    coverage.labelValues(dialect, stage, "judged").inc(judged);
    coverage.labelValues(dialect, stage, "swept").inc(swept);
  }

  public void refusal(String reason) {
    refusals.labelValues(reason).inc();
  }

  /**
   * The end of an exchange.
   *
   * @param nanos from head to end
   * @param ownNanos the same without the upstream call
   */
  public void answer(String route, int status, String outcome, long nanos, long ownNanos) {
    answers.labelValues(route, Integer.toString(status), outcome).inc();
    exchange.labelValues(route, outcome).observe(nanos / 1e9);
    overhead.labelValues(route, outcome).observe(ownNanos / 1e9);
  }

  public void requestBytes(long count) {
    bytes.labelValues("request").inc(count);
  }

  public void replyBytes(long count) {
    bytes.labelValues("reply").inc(count);
  }

  public void commit(long nanos) {
    commit.observe(nanos / 1e9);
  }

  public void recordFailure(String reason) {
    recordFailures.labelValues(reason).inc();
  }

  public void reload(boolean loaded) {
    reloads.labelValues(loaded ? "loaded" : "refused").inc();
  }

  public void build(String version, String java, String onnxruntime) {
    build.addLabelValues(version, java, onnxruntime);
  }

  public void decoder(String format, String decoder, String version) {
    decoders.addLabelValues(format, decoder, version);
  }

  /** A policy that came into force; the digest that it replaces goes away. */
  public void policy(String name, String oldDigest, String digest) {
    if (!oldDigest.isEmpty()) {
      policies.remove(name, oldDigest);
    }
    policies.addLabelValues(name, digest);
  }

  /** A gauge read at scrape time: depths, ages, things in flight. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name("sallyport_" + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** A count that somebody else keeps, read at scrape time. */
  public void count(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name("sallyport_" + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** Counts that somebody else keeps, one for each value of a label, read at scrape time. */
  public void counts(String name, String help, String label, Supplier<Map<String, Double>> values) {
    CounterWithCallback.builder()
        .name("sallyport_" + name)
        .help(help)
        .labelNames(label)
        .callback(callback -> values.get().forEach((value, count) -> callback.call(count, value)))
        .register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name("sallyport_" + name)
        .help(help)
        .labelNames(labels)
        .register(registry);
  }

  private Histogram seconds(String name, String help, String... labels) {
    return Histogram.builder()
        .name("sallyport_" + name + "_seconds")
        .help(help)
        .labelNames(labels)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }
}
