package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Limits;
import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.Effect;
import io.sallyport.dialect.Route;
import io.sallyport.dialect.RouteMatch;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.policy.Policy;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer. Lives on one event loop; knows the order of
 * the early checks, hands the rest to the flow of the route's effect, and ends exactly once.
 */
final class Exchange {
  private static final EventLog LOG = EventLog.of(Exchange.class);
  private static final String NO_ROUTE = "none";

  private final Corridor corridor;
  private final ConnectionWatch watch;
  private final HttpServerRequest request;
  private final Context context;
  private final Responder responder;
  private final Departure departure = new Departure();
  private final String requestId = RequestIds.next();
  private final long begin = System.nanoTime();
  private @Nullable Visit visit;
  private @Nullable Rules held;
  private Dialect dialect;
  private boolean counted;

  Exchange(Corridor corridor, ConnectionWatch watch, HttpServerRequest request, Context context) {
    this.corridor = corridor;
    this.watch = watch;
    this.request = request;
    this.context = context;
    this.responder = new Responder(context, request, corridor.limits().idle());
    this.dialect = corridor.dialect();
  }

  /** Runs the exchange; never throws. */
  void run(boolean draining) {
    request.pause();
    watch.began(request.connection());
    request.response().closeHandler(closed -> departure.leave());
    request.response().exceptionHandler(thrown -> departure.leave());
    Future<Outcome> outcome;
    try {
      outcome = admit(draining).compose(this::walk);
    } catch (RuntimeException e) {
      outcome = Future.failedFuture(e);
    }
    outcome.recover(this::refuse).onComplete(done -> end(done.succeeded() ? done.result() : null));
  }

  /** The early checks, cheapest first; nothing of the body is read before they pass. */
  private Future<Visit> admit(boolean draining) {
    if (draining) {
      return refused(TransportReason.DRAINING);
    }
    Optional<TransportReason> problem = Intake.problem(request);
    if (problem.isPresent()) {
      return refused(problem.get());
    }
    if (Handshake.asked(request.headers()) && corridor.dialect().channel().isEmpty()) {
      return refused(TransportReason.UPGRADE);
    }
    Optional<CallerBook.Caller> caller = corridor.callers().find(request.headers());
    if (caller.isEmpty()) {
      return refused(TransportReason.UNAUTHENTICATED);
    }
    String path = request.path() == null ? "" : request.path();
    RouteMatch match = match(path);
    return switch (match) {
      case RouteMatch.UnknownRoute unknown -> refused(TransportReason.UNKNOWN_ROUTE);
      case RouteMatch.WrongMethod(var allowed) -> refused(new RefusalReason.WrongMethod(allowed));
      case RouteMatch.Found(Route route) -> enter(route, caller.get());
    };
  }

  /**
   * The moderation API is the gateway's own and comes first; what it does not know is the
   * upstream's.
   */
  private RouteMatch match(String path) {
    String method = request.method().name();
    String type = Bodies.contentType(request.headers());
    RouteMatch own = corridor.moderations().match(method, path, type);
    if (own instanceof RouteMatch.UnknownRoute) {
      return corridor.dialect().match(method, path, type);
    }
    dialect = corridor.moderations();
    return own;
  }

  private Future<Visit> enter(Route route, CallerBook.Caller caller) {
    if (route.effect() == Effect.DENY) {
      return refused(TransportReason.ROUTE_DENIED);
    }
    boolean channel = route.effect() == Effect.CHANNEL;
    if (!channel && Handshake.asked(request.headers())) {
      return refused(TransportReason.UPGRADE);
    }
    if (channel && !Handshake.isWhole(request)) {
      return refused(TransportReason.HANDSHAKE);
    }
    if (!route.claimsQuery(request.query())) {
      return refused(TransportReason.QUERY);
    }
    Limits limits = corridor.limits();
    if (Bodies.declaredLength(request.headers()) > limits.requestBytes()) {
      return refused(TransportReason.REQUEST_TOO_LARGE);
    }
    counted = true;
    if (corridor.inFlight().incrementAndGet() > limits.exchanges()) {
      return refused(TransportReason.EXCHANGES_FULL);
    }
    Rules rules = Rules.entered(corridor.rules());
    held = rules;
    Policy policy = rules.policies().get(caller.policy()).orElseThrow();
    Visit entered =
        new Visit(
            request, context, dialect, route, caller, rules, policy, requestId, departure, begin);
    corridor
        .callers()
        .subject(request.headers())
        .ifPresent(name -> entered.trustedSubject(corridor.gates().subject(name)));
    visit = entered;
    if (Intake.expectsContinue(request.headers())) {
      return request.response().writeContinue().map(entered);
    }
    return Future.succeededFuture(entered);
  }

  private Future<Outcome> walk(Visit visit) {
    Steps steps = new Steps(corridor, visit, responder);
    return switch (visit.route.effect()) {
      case GENERATE -> new GenerationFlow(steps).run();
      case FETCH -> new HandOutFlow(steps).run();
      case UPLOAD -> new UploadFlow(steps).run();
      case CREATE_JOB, POLL -> new JobFlow(steps).run();
      case LIST -> new ListFlow(steps).run();
      case STATIC, CONTROL ->
          visit.route.isOfJobs() ? new JobFlow(steps).run() : new StaticFlow(steps).run();
      case MODERATE -> new ModerationFlow(steps).run();
      case CHANNEL ->
          new ChannelFlow(steps, this::letGo, () -> watch.gone(request.connection())).run();
      case DENY -> refused(TransportReason.ROUTE_DENIED);
    };
  }

  /** A channel may outlive policies and models: it takes those in force for what it judges. */
  private void letGo() {
    if (held != null) {
      held.uses().leave();
      held = null;
    }
  }

  private <T> Future<T> refused(RefusalReason reason) {
    return Future.failedFuture(new RefusedException(reason));
  }

  private Future<Outcome> refuse(Throwable thrown) {
    RefusalReason reason =
        thrown instanceof RefusedException refused ? refused.reason() : TransportReason.INTERNAL;
    if (departure.left() || reason == TransportReason.CLIENT_LEFT) {
      departure.leave();
      corridor.meters().refusal(TransportReason.CLIENT_LEFT.label());
      return Future.succeededFuture(new Outcome("client_left", 499));
    }
    if (reason == TransportReason.INTERNAL) {
      LOG.error().with(LogKey.REQUEST_ID, requestId).with(thrown).say("an exchange failed");
    }
    corridor.meters().refusal(reason.label());
    if (request.response().headWritten()) {
      responder.abort();
      return Future.succeededFuture(new Outcome("aborted", 499));
    }
    var refusal = Responder.refusal(dialect, reason, requestId);
    return responder.send(refusal).map(new Outcome(reason.label(), refusal.status()));
  }

  private void end(@Nullable Outcome outcome) {
    Visit visit = this.visit;
    if (visit != null) {
      visit.release();
    }
    letGo();
    watch.ended(request.connection());
    if (counted) {
      corridor.inFlight().decrementAndGet();
    }
    String route = visit == null ? NO_ROUTE : visit.route.id();
    Outcome ended = outcome == null ? new Outcome("client_left", 499) : outcome;
    long nanos = System.nanoTime() - begin;
    long own = visit == null ? nanos : visit.ownNanos();
    corridor.meters().answer(route, ended.status(), ended.metricLabel(), nanos, own);
    EventLog.Line line =
        LOG.info()
            .with(LogKey.REQUEST_ID, requestId)
            .with(LogKey.ROUTE, route)
            .with(LogKey.STATUS, ended.status())
            .with(LogKey.OUTCOME, ended.label())
            .with(LogKey.MILLIS, nanos / 1_000_000);
    if (visit != null) {
      line.with(LogKey.CALLER, visit.caller.name())
          .with(LogKey.UPSTREAM_MILLIS, visit.upstreamNanos() / 1_000_000)
          .say("exchange");
    } else {
      line.say("exchange");
    }
  }
}
