package io.sallyport;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditLog;
import io.sallyport.detect.CircuitChange;
import io.sallyport.detect.CircuitState;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.LaneListener;
import io.sallyport.detect.LaneLoad;
import io.sallyport.detect.ModelLoad;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.Meters;
import io.sallyport.ops.ModelFigures;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells operators how the lane fares: a log line and a row of the record for each circuit that
 * changes and each thread that is lost, and the gauges. Safe on every thread; never blocks.
 */
final class LaneReport implements LaneListener {
  private static final EventLog LOG = EventLog.of(LaneReport.class);

  private final Meters meters;
  private final Clock clock;
  private final AtomicReference<@Nullable AuditLog> record = new AtomicReference<>();

  LaneReport(Meters meters, Clock clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /** From now on changes go on record. */
  void record(AuditLog log) {
    record.set(log);
  }

  @Override
  public void circuit(CircuitChange change) {
    meters.lane().circuitChanged(change.model(), change.state().wire());
    note("circuit_" + change.state().wire(), Map.of("model", change.model()));
    EventLog.Line line = change.state() == CircuitState.CLOSED ? LOG.info() : LOG.warn();
    line.with(LogKey.MODEL, change.model())
        .with(LogKey.CIRCUIT, change.state().wire())
        .say("a model's circuit changed");
  }

  @Override
  public void threadLost(boolean replaced) {
    note("lane_thread_lost", Map.of("replaced", Boolean.toString(replaced)));
    if (replaced) {
      LOG.error().say("a lane thread hangs; another one takes its place");
    } else {
      LOG.error().say("a lane thread hangs; no spare one is left");
    }
  }

  @Override
  public void threadReturned() {
    LOG.info().say("a lane thread that hung came back");
  }

  private void note(String action, Map<String, String> details) {
    AuditLog log = record.get();
    if (log != null) {
      // A row that cannot be written is counted by the record's own listener.
      var _ = log.append(new AuditEvent.Lifecycle(clock.instant(), action, details));
    }
  }

  /** Registers every gauge and count of the lane. */
  void gauges(InferenceLane lane) {
    gauge(
        lane, "lane_queue_depth", "Tasks waiting for a lane thread or a model", LaneLoad::waiting);
    gauge(lane, "lane_queue_max", "Tasks that may wait for a lane thread", LaneLoad::queueMax);
    gauge(
        lane,
        "lane_queue_age_seconds",
        "Age of the oldest waiting task",
        load -> load.oldestAgeNanos() / 1e9);
    gauge(lane, "lane_running", "Tasks running on lane threads", LaneLoad::running);
    gauge(lane, "lane_threads", "Lane threads that do not hang", LaneLoad::threads);
    gauge(lane, "lane_threads_lost", "Lane threads that hang", LaneLoad::threadsLost);
    gauge(lane, "lane_callers", "Callers with a task waiting or running", LaneLoad::callers);
    gauge(
        lane,
        "lane_caller_waiting_most",
        "Tasks waiting of the caller that has most",
        LaneLoad::callerWaitingMost);
    meters.counts(
        "lane_refusals", "Tasks that the lane refused", "reason", () -> refusals(lane.load()));
    meters.lane().watch(() -> lane.load().models().stream().map(LaneReport::figures).toList());
  }

  private void gauge(
      InferenceLane lane, String name, String help, ToDoubleFunction<LaneLoad> value) {
    meters.gauge(name, help, () -> value.applyAsDouble(lane.load()));
  }

  private static Map<String, Double> refusals(LaneLoad load) {
    Map<String, Double> counts = new LinkedHashMap<>();
    load.refusals().forEach((reason, count) -> counts.put(reason.wire(), count.doubleValue()));
    return counts;
  }

  private static ModelFigures figures(ModelLoad load) {
    return new ModelFigures(load.model(), load.running(), load.waiting(), load.circuit().ordinal());
  }

  /** The state of every model's circuit by the model's name. */
  static Map<String, String> circuits(InferenceLane lane) {
    Map<String, String> circuits = new LinkedHashMap<>();
    lane.load().models().forEach(load -> circuits.put(load.model(), load.circuit().wire()));
    return circuits;
  }
}
