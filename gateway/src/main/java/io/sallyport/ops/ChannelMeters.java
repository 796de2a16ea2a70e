package io.sallyport.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Metrics of channels, which are WebSockets. Safe on every thread. */
public final class ChannelMeters {
  /** Where a message goes. */
  public enum Direction {
    /** To the client. */
    DOWN,
    /** To the upstream. */
    UP
  }

  /** What became of a message; one may count twice, as judged and as passed. */
  public enum Result {
    /** Went on. */
    PASSED,
    /** Goes no further: of no known kind, or dropped by a rule of the dialect, or a preview. */
    DROPPED,
    /** Is about nobody's job, or somebody else's. */
    FOREIGN,
    /** A preview that waits for its image, or a message behind one. */
    HELD,
    /** Had an image that was judged. */
    JUDGED,
    /** Was refused, or is of a job that was. */
    REFUSED
  }

  private final Gauge open;
  private final Counter messages;

  ChannelMeters(PrometheusRegistry registry) {
    open =
        Gauge.builder()
            .name("sallyport_channels_open")
            .help("WebSockets that are open")
            .register(registry);
    messages =
        Counter.builder()
            .name("sallyport_channel_messages")
            .help("Messages of WebSockets, by what became of them")
            .labelNames("direction", "result")
            .register(registry);
  }

  public void opened() {
    open.inc();
  }

  public void closed() {
    open.dec();
  }

  public void message(Direction direction, Result result) {
    messages
        .labelValues(
            direction.name().toLowerCase(Locale.ROOT), result.name().toLowerCase(Locale.ROOT))
        .inc();
  }
}
