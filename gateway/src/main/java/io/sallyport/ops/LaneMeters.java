package io.sallyport.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The metrics that have a series for each model. Safe on every thread. */
public final class LaneMeters {
  private static final String MODEL = "model";

  private final Counter circuitChanges;
  private volatile Supplier<List<ModelFigures>> models = List::of;

  LaneMeters(PrometheusRegistry registry) {
    circuitChanges =
        Counter.builder()
            .name("sallyport_circuit_changes")
            .help("Circuits that opened, were tried or closed")
            .labelNames(MODEL, "state")
            .register(registry);
    gauge(registry, "model_running", "Runs of the model under way", ModelFigures::running);
    gauge(registry, "model_waiting", "Tasks waiting for the model", ModelFigures::waiting);
    gauge(
        registry,
        "circuit_state",
        "0 closed, 1 half open, 2 open: whether the model is asked",
        ModelFigures::circuit);
  }

  private void gauge(
      PrometheusRegistry registry, String name, String help, ToDoubleFunction<ModelFigures> value) {
    GaugeWithCallback.builder()
        .name("sallyport_" + name)
        .help(help)
        .labelNames(MODEL)
        .callback(
            callback ->
                models.get().forEach(it -> callback.call(value.applyAsDouble(it), it.model())))
        .register(registry);
  }

  /** Where the figures come from, asked at each scrape. */
  public void watch(Supplier<List<ModelFigures>> source) {
    models = source;
  }

  /** A model's circuit changed. */
  public void circuitChanged(String model, String state) {
    circuitChanges.labelValues(model, state).inc();
  }
}
