package io.sallyport.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.sallyport.audit.AuditLog;
import io.sallyport.audit.KeyedHash;
import io.sallyport.coding.ContentCoding;
import io.sallyport.config.GatewayConfig;
import io.sallyport.config.GatewayConfig.RequestUrls;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.PromptCache;
import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.Dialects;
import io.sallyport.dialect.Effect;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.Meters;
import io.sallyport.yaml.Problems;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The room's door: the servers and clients of the data path as one thing to start and stop. */
public final class DataPath implements AutoCloseable {
  private static final EventLog LOG = EventLog.of(DataPath.class);
  private static final String MODERATIONS = "moderations";
  private static final Set<Effect> MAKING = EnumSet.of(Effect.GENERATE, Effect.CREATE_JOB);
  private static final int CHANNEL_NAMES_MAX = 100_000;
  private static final Duration CHANNEL_NAMES_KEPT = Duration.ofHours(24);

  private final Corridor corridor;
  private final EdgeServer server;

  public DataPath(
      Vertx vertx,
      GatewayConfig config,
      AtomicReference<Rules> rules,
      InferenceLane lane,
      AuditLog record,
      KeyedHash hash,
      PromptCache cache,
      Clock clock,
      Meters meters) {
    this(
        vertx,
        config,
        rules,
        lane,
        record,
        hash,
        cache,
        clock,
        meters,
        new NameLookup(vertx, config.fetch().connections())::addresses);
  }

  /**
   * @param lookup the addresses of a host's name, for images that replies name by URL
   */
  DataPath(
      Vertx vertx,
      GatewayConfig config,
      AtomicReference<Rules> rules,
      InferenceLane lane,
      AuditLog record,
      KeyedHash hash,
      PromptCache cache,
      Clock clock,
      Meters meters,
      Function<String, Future<List<InetAddress>>> lookup) {
    this.corridor =
        new Corridor(
            rules,
            upstreams(config),
            Dialect.bundled(MODERATIONS),
            new CallerBook(config.callers(), config.policies().byDefault()),
            new Gates(
                record,
                hash,
                cache,
                clock,
                config.lane(),
                meters,
                new Challenges(
                    record,
                    new ByteBudget(2 * config.limits().replyBytes()),
                    clock,
                    meters.models())),
            new UpstreamClient(vertx, config.upstream(), config.limits().headerBytes()),
            new GuardedFetcher(vertx, config.fetch(), config.limits().headerBytes(), lookup),
            config.fetch().requests() == RequestUrls.INLINE
                ? Optional.of(
                    new GuardedFetcher(
                        vertx, config.fetch().forRequests(), config.limits().headerBytes(), lookup))
                : Optional.empty(),
            lane,
            new ByteBudget(config.limits().bufferedBytes()),
            config.limits(),
            config.dialects(),
            config.streams(),
            new Owned<>(config.jobs().max(), config.jobs().keep(), Ticker.systemTicker()),
            new References(
                config.references().max(), config.references().keep(), Ticker.systemTicker()),
            config.listen().publicUrl(),
            new Channels(
                config.streams().channels(),
                new Owned<>(CHANNEL_NAMES_MAX, CHANNEL_NAMES_KEPT, Ticker.systemTicker())),
            new UpstreamSockets(vertx, config.upstream(), config.streams().messageBytes()),
            meters,
            new AtomicInteger());
    this.server = new EdgeServer(vertx, corridor, config.listen());
  }

  /** Finds what the configuration says of the data path that cannot be done. */
  public static void check(String file, GatewayConfig config, Problems problems) {
    String name = config.upstream().dialect();
    Dialects dialects = Dialects.open(config.dialects().dir(), problems);
    if (!dialects.names().contains(name)) {
      problems.add(
          file,
          0,
          "upstream.dialect: there is no dialect '" + name + "' among " + dialects.names());
    } else if (dialects
        .find(name, new Problems())
        .filter(it -> it.routes().stream().noneMatch(r -> MAKING.contains(r.effect())))
        .isPresent()) {
      problems.add(file, 0, "upstream.dialect: '" + name + "' is no API that generates images");
    }
  }

  private static Dialect upstreams(GatewayConfig config) {
    Problems problems = new Problems();
    Optional<Dialect> dialect =
        Dialects.open(config.dialects().dir(), problems)
            .find(config.upstream().dialect(), problems);
    problems.throwIfAny();
    return dialect.orElseThrow();
  }

  /** Starts listening; the port. */
  public Future<Integer> start() {
    if (!ContentCoding.ZSTD.served()) {
      LOG.warn().with(LogKey.FORMAT, "zstd").say("no library for it: bodies in it are refused");
    }
    return server.start();
  }

  /** Refuses new requests and waits for running ones, at most for {@code grace}. */
  public Future<Void> drain(Duration grace) {
    return server.drain(grace);
  }

  public boolean draining() {
    return server.draining();
  }

  /** Exchanges let in and not ended. */
  public int inFlight() {
    return server.inFlight();
  }

  /** Connections of clients that are open now. */
  public int connections() {
    return server.connections();
  }

  /** Memory taken by bodies in flight. */
  public long bufferedBytes() {
    return corridor.budget().used();
  }

  /** Jobs that are remembered, about. */
  public long jobs() {
    return corridor.jobs().size();
  }

  /** True when no caller key is configured. */
  public boolean openToAll() {
    return corridor.callers().open();
  }

  /** Whose the jobs are. */
  Owned<Job> owned() {
    return corridor.jobs();
  }

  /** Whether the upstream accepts connections now. */
  public Future<Boolean> upstreamReachable() {
    return corridor.upstream().reachable();
  }

  @Override
  public void close() {
    corridor.upstream().close();
    corridor.sockets().close();
    corridor.fetcher().close();
    corridor.requestFetcher().ifPresent(GuardedFetcher::close);
  }
}
