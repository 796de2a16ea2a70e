package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.config.Secret;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.remote.RemoteAddress;
import io.sallyport.detect.remote.RemoteLink;
import io.sallyport.detect.remote.Standing;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * The links to remote models, by the names of the detectors over them. Opened once, as the
 * configuration is; a reload of policies finds the same links.
 *
 * <p>A remote that is not there at the start does not hinder it: its detector has no answers, and
 * it is tried again until it is verified. One that is there and is not what its card says is a
 * problem at the start.
 */
final class Remotes implements AutoCloseable {
  private static final EventLog LOG = EventLog.of(Remotes.class);
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LOOK_MILLIS = 2000;

  private final Map<String, RemoteLink> links = new LinkedHashMap<>();
  private final Map<String, String> told = new LinkedHashMap<>();
  private final ScheduledThreadPoolExecutor watch =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("remote-watch").factory());

  private Remotes() {}

  /** Without any. */
  static Remotes none() {
    return new Remotes();
  }

  /**
   * Opens the links and verifies what can be reached. Blocks, for seconds when a remote is slow.
   *
   * @param problems receives what is wrong with files, and remotes that are not what they should be
   */
  static Remotes open(
      String configFile, GatewayConfig config, ModelStore models, Problems problems) {
    Remotes remotes = new Remotes();
    config
        .detectors()
        .forEach(
            (name, detector) -> {
              if (detector instanceof DetectorConfig.Remote remote) {
                remotes.open(configFile, name, remote, models, problems);
              }
            });
    return remotes;
  }

  private void open(
      String configFile,
      String name,
      DetectorConfig.Remote remote,
      ModelStore models,
      Problems problems) {
    if (models.model(remote.model()).isEmpty()) {
      return; // Its problem is told already.
    }
    if (!(models.model(remote.model()).get() instanceof RemoteModel model)) {
      problems.add(
          configFile,
          remote.line(),
          "detectors." + name + ": model '" + remote.model() + "' is of another kind");
      return;
    }
    try {
      RemoteLink link = RemoteLink.open(name, model, address(remote));
      links.put(name, link);
      verify(name, link, problems);
    } catch (IOException e) {
      problems.add(configFile, remote.line(), "detectors." + name + ".trust: " + e.getMessage());
    }
  }

  private static RemoteAddress address(DetectorConfig.Remote remote) {
    return new RemoteAddress(
        remote.url(),
        remote.credential().map(Secret::reveal),
        remote.trust(),
        remote.connections(),
        remote.waiting(),
        remote.connect());
  }

  private void verify(String name, RemoteLink link, Problems problems) {
    Standing standing = link.verify(System.nanoTime() + START_NANOS);
    tell(name, standing);
    if (standing instanceof Standing.Refused refused) {
      for (Standing.Misfit misfit : refused.misfits()) {
        problems.add(
            link.model().card().file(),
            misfit.line(),
            "detectors." + name + ": " + misfit.message());
      }
    }
  }

  /** Looks at all of them from time to time, until closed. */
  void watch() {
    if (!links.isEmpty()) {
      watch.scheduleWithFixedDelay(
          () -> links.forEach(this::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look(String name, RemoteLink link) {
    long deadline = System.nanoTime() + START_NANOS;
    if (!(link.standing() instanceof Standing.Verified)) {
      tell(name, link.verify(deadline));
    } else if (link.look(deadline)) {
      tell(name, link.standing());
    } else {
      note(name, "not ready");
    }
  }

  private void tell(String name, Standing standing) {
    note(name, standing.wire());
  }

  /** Says once when something has changed. */
  private synchronized void note(String name, String state) {
    if (state.equals(told.put(name, state))) {
      return;
    }
    EventLog.Line line = state.equals("verified") ? LOG.info() : LOG.warn();
    line.with(LogKey.DETECTOR, name).with(LogKey.REASON, state).say("remote model");
  }

  /** The link of a detector; none when it could not be opened. */
  Optional<RemoteLink> link(String detector) {
    return Optional.ofNullable(links.get(detector));
  }

  /** What is known of each, for health answers. */
  synchronized Map<String, String> states() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(told));
  }

  /** Gauge: how many cannot be asked now, or say that they are not ready. */
  synchronized long down() {
    return told.values().stream().filter(state -> !state.equals("verified")).count();
  }

  /** Gauge: calls in flight. */
  long inFlight() {
    return sum(RemoteLink::inFlight);
  }

  /** Gauge: calls that wait for their turn. */
  long waiting() {
    return sum(RemoteLink::waiting);
  }

  private long sum(ToIntFunction<RemoteLink> gauge) {
    return links.values().stream().mapToInt(gauge).sum();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    links.values().forEach(RemoteLink::close);
  }
}
