package io.sallyport;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditListener;
import io.sallyport.audit.AuditLog;
import io.sallyport.audit.AuditUnavailableException;
import io.sallyport.audit.KeyedHash;
import io.sallyport.config.ConfigLoader;
import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.console.AdminServer;
import io.sallyport.console.Readiness;
import io.sallyport.detect.CircuitRule;
import io.sallyport.detect.DetectorRun;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.LaneOptions;
import io.sallyport.detect.PanelListener;
import io.sallyport.detect.PromptCache;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.onnx.ModelShelf;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.Meters;
import io.sallyport.proxy.DataPath;
import io.sallyport.proxy.Rules;
import io.sallyport.yaml.Problems;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A running gateway: builds the rooms bottom-up, and closes them top-down with a drain deadline.
 * The only place that knows every room.
 */
public final class Gateway implements AutoCloseable {
  private static final EventLog LOG = EventLog.of(Gateway.class);
  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final long UPSTREAM_LOOK_MILLIS = 2000;
  private static final Duration WARM_UP = Duration.ofMillis(600);
  private static final int CHALLENGES_WAITING = 16;

  private final GatewayConfig config;
  private final String version;
  private final Clock clock = Clock.systemUTC();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Meters meters = new Meters(registry);
  private final LaneReport laneReport = new LaneReport(meters, clock);
  private final AtomicReference<Rules> rules = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean upstreamReachable = new AtomicBoolean();
  private final AtomicBoolean warm = new AtomicBoolean();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private int port;
  private int adminPort;

  private Gateway(GatewayConfig config, String version) {
    this.config = config;
    this.version = version;
  }

  /**
   * Starts a gateway; returns when it listens, with models loaded and tested.
   *
   * @param file the configuration's file, for problems
   * @throws io.sallyport.yaml.InvalidFileException with every problem of config, policies and
   *     models
   */
  public static Gateway start(String file, GatewayConfig config, String version) {
    Gateway gateway = new Gateway(config, version);
    try {
      gateway.open(file);
      return gateway;
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  /**
   * Finds every problem of a configuration, its models and its policies, without listening or
   * touching the record.
   */
  public static Problems check(Path file) {
    Problems problems = new Problems();
    Optional<GatewayConfig> read = ConfigLoader.read(file, problems);
    if (read.isEmpty()) {
      return problems;
    }
    GatewayConfig config = read.get();
    DataPath.check(file.toString(), config, problems);
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelShelf shelf = Models.shelf(runtime, config.models());
        InferenceLane lane = new InferenceLane("check", 1, 1, System::nanoTime)) {
      Fleet fleet = new Fleet(file.toString(), config, shelf);
      Lineup lineup = wanted(fleet, problems).lineup();
      Codecs codecs = Decoders.open(config.nativeCodecs());
      try (Remotes remotes = new Remotes(file.toString())) {
        new RulesMaker(file.toString(), config, remotes, codecs, lane, lane, run -> {})
            .make(lineup, Optional.empty(), problems);
      }
    }
    return problems;
  }

  /** The versions that the files want; whatever is wrong with one is a problem. */
  private static Draft wanted(Fleet fleet, Problems problems) {
    Draft draft = fleet.wanted();
    for (Draft.Refusal refusal : draft.refusals()) {
      refusal.problems().forEach(it -> problems.add(it.file(), it.line(), it.message()));
    }
    return draft;
  }

  /** The port that clients use. */
  public int port() {
    return port;
  }

  /** The port that operators use. */
  public int adminPort() {
    return adminPort;
  }

  private void open(String file) {
    Problems problems = new Problems();
    DataPath.check(file, config, problems);
    problems.throwIfAny();
    OnnxRuntime runtime = OnnxRuntime.open();
    opened.push(runtime);
    ModelShelf shelf = Models.shelf(runtime, config.models());
    opened.push(shelf);
    Fleet fleet = new Fleet(file, config, shelf);
    Draft draft = wanted(fleet, problems);
    problems.throwIfAny();
    Lineup lineup = draft.lineup();
    Remotes remotes = new Remotes(file);
    opened.push(remotes);
    InferenceLane lane =
        new InferenceLane("detect", laneOptions(config.lane()), laneReport, System::nanoTime);
    opened.push(() -> lane.close(config.drain()));
    Codecs codecs = Decoders.open(config.nativeCodecs());
    Decoders.tell(codecs, meters);
    RulesMaker maker =
        new RulesMaker(file, config, remotes, codecs, lane, challengerLane(lane), panelListener());
    Optional<Rules> read = maker.make(lineup, Optional.empty(), problems);
    problems.throwIfAny();
    Rules first = read.orElseThrow();
    new WarmUp(first.panel()).run(WARM_UP);
    warm.set(true);
    AuditLog record = record();
    laneReport.record(record);
    KeyedHash hash = KeyedHash.open(config.audit().dir());
    PromptCache cache = new PromptCache(config.cachedSignals());
    RulesSwap swap = new RulesSwap(rules, fleet, record, meters, clock);
    PolicyReload reload = new PolicyReload(maker, fleet, swap, meters);
    note(record, hash, runtime);
    if (!swap.put(first, lineup, draft.loaded(), "start")) {
      throw new IllegalStateException("the record cannot be written");
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
    opened.push(() -> await(vertx.close()));
    DataPath path = new DataPath(vertx, config, rules, lane, record, hash, cache, clock, meters);
    opened.push(path);
    laneReport.gauges(lane);
    gauges(path, record, cache);
    gauges(remotes);
    remotes.watch();
    meters.gauge("model_sessions", "Sessions of models that are open", runtime::sessions);
    meters.build(version, Runtime.version().toString(), runtime.version());
    JvmMetrics.builder().register(registry);
    watchUpstream(vertx, path);
    port = await(path.start());
    opened.push(() -> drain(path));
    adminPort = await(admin(vertx, path, lane, record, fleet, reload, remotes).start());
    if (config.policies().watch()) {
      opened.push(new PolicyWatch(watched(), false, reload::reload));
      opened.push(new PolicyWatch(modelFolders(fleet), true, reload::models));
    }
    if (path.openToAll()) {
      LOG.warn().say("no caller key is configured: everybody is one anonymous caller");
    }
    if (!config.fetch().rules().privates().isEmpty()) {
      LOG.warn()
          .with(LogKey.ADDRESS, config.fetch().rules().privates())
          .say("images behind URLs may be fetched from private networks");
    }
    LOG.info()
        .with(LogKey.VERSION, version)
        .with(LogKey.ADDRESS, config.listen().host() + ":" + port)
        .say("listening");
  }

  private static LaneOptions laneOptions(GatewayConfig.Lane lane) {
    GatewayConfig.Circuit circuit = lane.circuit();
    return new LaneOptions(
        lane.threads(),
        lane.queue(),
        lane.spareThreads(),
        lane.lostAfter(),
        new CircuitRule(circuit.window(), circuit.failures(), circuit.delay(), circuit.delayMax()));
  }

  private AuditLog record() {
    AuditLog.Options base = AuditLog.Options.DEFAULTS;
    AuditLog record =
        AuditLog.open(
            config.audit().dir(),
            new AuditLog.Options(
                config.audit().queue(),
                base.queueBytes(),
                config.audit().batch(),
                base.drain(),
                base.maxFileBytes()),
            auditListener());
    opened.push(record);
    return record;
  }

  /** Records the start, and sees to it that the end is recorded too. */
  private void note(AuditLog record, KeyedHash hash, OnnxRuntime runtime) {
    Map<String, String> details =
        Map.of(
            "version", version,
            "java", Runtime.version().toString(),
            "onnxruntime", runtime.version(),
            "hash_key", hash.keyId());
    record
        .append(new AuditEvent.Lifecycle(clock.instant(), "started", details))
        .toCompletableFuture()
        .join();
    opened.push(
        () ->
            record
                .append(new AuditEvent.Lifecycle(clock.instant(), "stopped", details))
                .toCompletableFuture()
                .orTimeout(2, TimeUnit.SECONDS)
                .join());
  }

  private AdminServer admin(
      Vertx vertx,
      DataPath path,
      InferenceLane lane,
      AuditLog record,
      Fleet fleet,
      PolicyReload reload,
      Remotes remotes) {
    Readiness readiness =
        new Readiness()
            .add("models", () -> rules.get() != null)
            .add("policies", () -> rules.get() != null)
            .add("record", record::healthy)
            .add("lane", () -> lane.load().threads() > 0)
            .add("upstream", upstreamReachable::get)
            .add("serving", () -> !path.draining())
            .tell("models", () -> fleet.current().digests())
            .tell("circuits", () -> LaneReport.circuits(lane))
            .tell("remotes", remotes::states);
    return new AdminServer(
        vertx,
        config.admin(),
        registry,
        readiness,
        () -> Status.of(version, rules.get(), fleet),
        reload::reload,
        new ModelsApi(fleet, reload).desk());
  }

  /** Looks from time to time whether somebody listens, so that readiness never waits. */
  private void watchUpstream(Vertx vertx, DataPath path) {
    path.upstreamReachable().onSuccess(upstreamReachable::set);
    vertx.setPeriodic(
        UPSTREAM_LOOK_MILLIS, id -> path.upstreamReachable().onSuccess(upstreamReachable::set));
  }

  private List<Path> watched() {
    List<Path> watched = new ArrayList<>();
    watched.add(config.policies().dir());
    for (DetectorConfig detector : config.detectors().values()) {
      switch (detector) {
        case DetectorConfig.Lexicon lexicon -> watched.add(lexicon.file());
        case DetectorConfig.Concepts concepts -> watched.add(concepts.file());
        case DetectorConfig.ImageConcepts concepts -> watched.add(concepts.file());
        case DetectorConfig.Head head -> {}
        case DetectorConfig.TextClassifier text -> {}
        case DetectorConfig.ImageClassifier image -> {}
        case DetectorConfig.ObjectDetector objects -> {}
        case DetectorConfig.Remote remote -> {}
      }
    }
    return watched;
  }

  /** Where versions are put; what comes with the gateway never changes. */
  private List<Path> modelFolders(Fleet fleet) {
    return fleet.names().stream()
        .filter(name -> !name.equals(ModelStore.MINILM))
        .map(name -> config.models().resolve(name))
        .toList();
  }

  /** One thread and a short queue of their own: challengers never stand before anybody else. */
  private InferenceLane challengerLane(InferenceLane lane) {
    if (config.challengers().isEmpty()) {
      return lane;
    }
    InferenceLane own = new InferenceLane("challenger", 1, CHALLENGES_WAITING, System::nanoTime);
    opened.push(own);
    return own;
  }

  private PanelListener panelListener() {
    return run -> {
      if (!warm.get()) {
        return;
      }
      String cause = run.result().equals(DetectorRun.OK) ? "" : run.result();
      meters.detection(run.stage().wire(), run.detector(), cause, run.workNanos());
      if (run.detector().equals(DetectorRun.PREPARE)) {
        meters.queueWait(run.stage().wire(), run.queueNanos());
      }
    };
  }

  private AuditListener auditListener() {
    return new AuditListener() {
      @Override
      public void committed(int rows, long nanos) {
        meters.commit(nanos);
      }

      @Override
      public void failed(AuditUnavailableException failure, int rows) {
        meters.recordFailure(failure.reason().wire());
        LOG.error()
            .with(LogKey.REASON, failure.reason().wire())
            .with(LogKey.COUNT, rows)
            .say("events could not be recorded");
      }
    };
  }

  private void gauges(DataPath path, AuditLog record, PromptCache cache) {
    meters.gauge("in_flight", "Exchanges let in and not ended", path::inFlight);
    meters.gauge(
        "in_flight_max", "Exchanges that may be let in", () -> config.limits().exchanges());
    meters.gauge("jobs", "Jobs that are remembered, about", path::jobs);
    meters.gauge("connections", "Open connections of clients", path::connections);
    meters.gauge("buffered_bytes", "Memory taken by bodies in flight", path::bufferedBytes);
    meters.gauge(
        "buffered_bytes_max", "Memory that bodies may take", () -> config.limits().bufferedBytes());
    meters.gauge(
        "record_queue_depth", "Events waiting for the record's writer", record::queueDepth);
    meters.gauge(
        "record_queue_age_seconds",
        "Age of the oldest waiting event",
        () -> record.oldestAgeNanos() / 1e9);
    meters.gauge(
        "record_healthy", "1 when the record can be written", () -> record.healthy() ? 1 : 0);
    meters.gauge(
        "upstream_reachable",
        "1 when the upstream accepts connections",
        () -> upstreamReachable.get() ? 1 : 0);
    meters.gauge("cache_size", "Prompts in the cache", cache::size);
    meters.count("cache_hits", "Prompts answered from the cache", cache::hits);
    meters.count("cache_misses", "Prompts that had to be judged", cache::misses);
  }

  private void gauges(Remotes remotes) {
    meters.gauge("remote_in_flight", "Calls of remote models in flight", remotes::inFlight);
    meters.gauge("remote_waiting", "Calls that wait for a remote model", remotes::waiting);
    meters.gauge("remotes_down", "Remote models that are not verified or not ready", remotes::down);
  }

  private void drain(DataPath path) {
    LOG.info().with(LogKey.COUNT, path.inFlight()).say("draining");
    await(path.drain(config.drain()));
  }

  /**
   * Stops taking requests, lets running ones finish within the drain deadline, closes everything.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.warn().with(e).say("closing failed");
      }
    }
    LOG.info().say("stopped");
  }

  private <T> T await(io.vertx.core.Future<T> future) {
    Duration most = START_WITHIN.plus(config.drain());
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
