package io.sallyport.console;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /api/v1/models}: the versions of models, and which of them judges. Lives on the event
 * loop; whatever takes time is done elsewhere.
 */
final class ModelRoutes {
  static final String ROOT = "/api/v1/models";

  private static final Pattern ACTIVATE =
      Pattern.compile(ROOT + "/([a-z0-9][a-z0-9._-]{0,63})/versions/([0-9a-f]{1,64}):activate");
  private static final Pattern ROLLBACK =
      Pattern.compile(ROOT + "/([a-z0-9][a-z0-9._-]{0,63}):rollback");

  private final Vertx vertx;
  private final ModelDesk desk;

  ModelRoutes(Vertx vertx, ModelDesk desk) {
    this.vertx = vertx;
    this.desk = desk;
  }

  /** Answers a request for a path that begins with {@link #ROOT}. */
  void route(HttpServerRequest request, String path) {
    Matcher activate = ACTIVATE.matcher(path);
    Matcher rollBack = ROLLBACK.matcher(path);
    if (path.equals(ROOT)) {
      list(request);
    } else if (activate.matches()) {
      change(request, () -> desk.activate().apply(activate.group(1), activate.group(2)));
    } else if (rollBack.matches()) {
      change(request, () -> desk.rollBack().apply(rollBack.group(1)));
    } else {
      AdminServer.json(request, 404, Map.of("error", "no such path"));
    }
  }

  private void list(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      answer(request, () -> new ModelDesk.Reply(200, desk.list().get()));
    } else {
      AdminServer.json(request, 405, Map.of("error", "only GET is served here"));
    }
  }

  private void change(HttpServerRequest request, Callable<ModelDesk.Reply> change) {
    if (AdminServer.mayChange(request)) {
      answer(request, change);
    }
  }

  private void answer(HttpServerRequest request, Callable<ModelDesk.Reply> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(reply -> AdminServer.json(request, reply.status(), reply.body()))
        .onFailure(thrown -> AdminServer.json(request, 500, Map.of("error", "the change failed")));
  }
}
