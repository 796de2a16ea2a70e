package io.sallyport.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Metrics of replies that come event by event. Safe on every thread. */
public final class StreamMeters {
  private static final double[] SECONDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1, 10
  };

  /** What became of an event; one may count twice, as judged and as passed. */
  public enum Kind {
    /** Went to the client. */
    PASSED,
    /** Goes no further, by a rule of the dialect or as a preview. */
    DROPPED,
    /** A preview that waits for its image, or an event behind one. */
    HELD,
    /** Had images that were judged. */
    JUDGED,
    /** Ended its stream. */
    REFUSED
  }

  private final Gauge open;
  private final Counter events;
  private final Histogram write;

  StreamMeters(PrometheusRegistry registry) {
    open =
        Gauge.builder()
            .name("sallyport_streams_open")
            .help("Streams of events under way")
            .register(registry);
    events =
        Counter.builder()
            .name("sallyport_stream_events")
            .help("Events of streams, by what became of them")
            .labelNames("kind")
            .register(registry);
    write =
        Histogram.builder()
            .name("sallyport_stream_write_seconds")
            .help("Time from an event's recorded verdict until it was handed to the connection")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
  }

  public void opened() {
    open.inc();
  }

  public void closed() {
    open.dec();
  }

  public void event(Kind kind) {
    events.labelValues(kind.name().toLowerCase(Locale.ROOT)).inc();
  }

  /** An allowed event was handed on so long after its verdict was on record. */
  public void written(long nanos) {
    write.observe(nanos / 1e9);
  }
}
