package io.sallyport.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Clients that generate images: warms up, then measures, as the {@link Plan} says. */
public final class ImageSimulation extends Simulation {
  private static final String ASKED = "asked";
  private static final String STATUS = "status";

  /** Different prompts of the first half of a warm-up. */
  private static final int KNOWN = 16;

  private final Plan plan = Plan.read(Path.of(System.getProperty(Plan.PROPERTY)));
  private final Recorder recorder = new Recorder(plan.pid());
  private final AtomicLong asked = new AtomicLong(System.nanoTime());

  /** Made by Gatling. */
  public ImageSimulation() {
    PopulationBuilder measured =
        mark("start", recorder::start).andThen(measured().andThen(mark("finish", this::finish)));
    setUp(plan.warmSeconds() == 0 ? measured : warmUp().andThen(measured)).protocols(protocol());
  }

  private HttpProtocolBuilder protocol() {
    return http.baseUrl(plan.url())
        .contentTypeHeader("application/json")
        .acceptHeader("application/json")
        .disableWarmUp()
        .disableCaching()
        .shareConnections();
  }

  /**
   * Half of the time with prompts that the gateway knows after a moment: thousands of requests a
   * second then pass everything but the models, and the compiler is done with it. Measured is a
   * gateway that has run for long.
   */
  private PopulationBuilder warmUp() {
    int known = plan.warmSeconds() / 2;
    return scenario("warm-up")
        .during(known)
        .on(generate("known", () -> asked.getAndIncrement() % KNOWN))
        .during(plan.warmSeconds() - known)
        .on(generate("warm-up", asked::getAndIncrement))
        .injectOpen(atOnceUsers(Plan.WARM_USERS));
  }

  private PopulationBuilder measured() {
    ScenarioBuilder scenario = scenario("measured");
    ChainBuilder generate =
        exec(session -> session.set(ASKED, System.nanoTime()).remove(STATUS))
            .exec(generate("measured", asked::getAndIncrement))
            .exec(this::record);
    return plan.users() > 0
        ? scenario.during(plan.seconds()).on(generate).injectOpen(atOnceUsers(plan.users()))
        : scenario
            .exec(generate)
            .injectOpen(constantUsersPerSec(plan.perSecond()).during(plan.seconds()).randomized());
  }

  /** Takes any status for an answer; {@link Recorder} tells them apart. */
  private ChainBuilder generate(String name, LongSupplier number) {
    return exec(
        http(name)
            .post("/v1/images/generations")
            .body(StringBody(_ -> Prompts.body(number.getAsLong(), plan.size())))
            .check(status().saveAs(STATUS)));
  }

  private Session record(Session session) {
    int status = session.contains(STATUS) ? session.getInt(STATUS) : 0;
    recorder.record(status, session.getLong(ASKED));
    return session;
  }

  private static PopulationBuilder mark(String name, Runnable action) {
    return scenario(name)
        .exec(
            session -> {
              action.run();
              return session;
            })
        .injectOpen(atOnceUsers(1));
  }

  private void finish() {
    recorder.finish().write(plan.result());
  }
}
