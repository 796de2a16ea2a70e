package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.Secret;
import io.sallyport.detect.UseCount;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * The links to remote models that are open: one for each detector and version of its model, held by
 * the rules that ask over it and closed after the last of them. A reload of policies finds the same
 * links.
 *
 * <p>A remote that is not there at the start does not hinder it: its detector has no answers, and
 * it is tried again until it is verified. One that is there and is not what its card says is a
 * problem at the start. A version that comes later has to be verified before it is asked, or the
 * one in service stays.
 *
 * <p>Links are opened by one thread at a time; all else is safe on every thread.
 */
final class Remotes implements AutoCloseable {
  private static final EventLog LOG = EventLog.of(Remotes.class);
  private static final long VERIFY_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LOOK_MILLIS = 2000;

  private final String configFile;
  private final Map<Key, Open> links = new LinkedHashMap<>();
  private final Map<Key, String> told = new LinkedHashMap<>();
  private volatile boolean started;
  private final ScheduledThreadPoolExecutor watch =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("remote-watch").factory());

  /**
   * Opens nothing yet.
   *
   * @param configFile for problems
   */
  Remotes(String configFile) {
    this.configFile = configFile;
  }

  private record Key(String detector, String digest) {}

  /**
   * A link that is open.
   *
   * @param uses the rules that ask over it
   */
  record Open(RemoteLink link, UseCount uses) {}

  /**
   * The link of a detector to this version of its model, for one more user, who leaves {@link
   * Open#uses()}: the one that is open, or a new one. Blocks for seconds when a new one is slow.
   *
   * @param problems receives what is wrong with files, and why a remote cannot be asked
   */
  Optional<Open> enter(
      String detector, DetectorConfig.Remote remote, RemoteModel model, Problems problems) {
    Key key = new Key(detector, model.digest());
    Optional<Open> known = known(key);
    return known.isPresent() ? known : open(key, remote, model, problems);
  }

  private synchronized Optional<Open> known(Key key) {
    return Optional.ofNullable(links.get(key)).filter(open -> open.uses().enter());
  }

  private Optional<Open> open(
      Key key, DetectorConfig.Remote remote, RemoteModel model, Problems problems) {
    try {
      RemoteLink link = RemoteLink.open(key.detector(), model, address(remote));
      Open open = new Open(link, new UseCount(() -> close(key, link)));
      synchronized (this) {
        links.put(key, open);
      }
      verify(key, link, problems);
      return Optional.of(open);
    } catch (IOException e) {
      problems.add(
          configFile, remote.line(), "detectors." + key.detector() + ".trust: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Not on the caller's thread: that may be one of the link's own, or an event loop. */
  private void close(Key key, RemoteLink link) {
    synchronized (this) {
      links.values().removeIf(open -> open.link() == link);
      if (!links.containsKey(key)) {
        told.remove(key);
      }
    }
    Thread.ofPlatform().daemon().name("remote-close").start(link::close);
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

  private void verify(Key key, RemoteLink link, Problems problems) {
    Standing standing = link.verify(System.nanoTime() + VERIFY_NANOS);
    note(key, standing.wire());
    String file = link.model().card().file();
    switch (standing) {
      case Standing.Verified verified -> {}
      case Standing.Refused refused ->
          refused.misfits().forEach(it -> problems.add(file, it.line(), about(key, it.message())));
      case Standing.Unreachable unreachable -> {
        if (started) {
          String why = "the remote cannot be verified now: " + unreachable.why();
          problems.add(file, 0, about(key, why));
        }
      }
    }
  }

  private static String about(Key key, String message) {
    return "detectors." + key.detector() + ": " + message;
  }

  /** Ends the start. Looks at all of them from time to time, until closed. */
  void watch() {
    started = true;
    if (!open().isEmpty()) {
      watch.scheduleWithFixedDelay(
          () -> open().forEach((key, open) -> look(key, open.link())),
          LOOK_MILLIS,
          LOOK_MILLIS,
          TimeUnit.MILLISECONDS);
    }
  }

  private synchronized Map<Key, Open> open() {
    return new LinkedHashMap<>(links);
  }

  private void look(Key key, RemoteLink link) {
    long deadline = System.nanoTime() + VERIFY_NANOS;
    if (!(link.standing() instanceof Standing.Verified)) {
      note(key, link.verify(deadline).wire());
    } else if (link.look(deadline)) {
      note(key, link.standing().wire());
    } else {
      note(key, "not ready");
    }
  }

  /** Says once when something has changed. Nothing of a link that was closed meanwhile. */
  private synchronized void note(Key key, String state) {
    if (!links.containsKey(key) || state.equals(told.put(key, state))) {
      return;
    }
    EventLog.Line line = state.equals("verified") ? LOG.info() : LOG.warn();
    line.with(LogKey.DETECTOR, key.detector())
        .with(LogKey.DIGEST, key.digest())
        .with(LogKey.REASON, state)
        .say("remote model");
  }

  /** What is known of each by detector, of several versions the latest, for health answers. */
  synchronized Map<String, String> states() {
    Map<String, String> states = new LinkedHashMap<>();
    told.forEach((key, state) -> states.put(key.detector(), state));
    return Collections.unmodifiableMap(states);
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
    return open().values().stream().map(Open::link).mapToInt(gauge).sum();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    List.copyOf(open().values()).forEach(open -> open.link().close());
  }
}
