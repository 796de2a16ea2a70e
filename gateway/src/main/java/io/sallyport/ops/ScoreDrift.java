package io.sallyport.ops;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Where the scores of each detector's labels lie, and how far they moved since the detector came
 * into force. At most {@link #LABELS_MAX} labels of a detector are followed, some 2 KB each. Safe
 * on every thread.
 */
final class ScoreDrift {
  /** A model may have a thousand labels; a scrape should not have thousands of series of it. */
  static final int LABELS_MAX = 32;

  private static final Map<String, Double> QUANTILES =
      new LinkedHashMap<>(Map.of("p50", 0.5, "p90", 0.9, "p99", 0.99));

  private final Map<String, Followed> byDetector = new ConcurrentHashMap<>();

  ScoreDrift(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("sallyport_score_drift")
        .help("Population stability index of a label's newest scores against the first ones")
        .labelNames("detector", "label")
        .callback(callback -> each((key, track) -> drift(callback, key, track)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sallyport_score_quantile")
        .help("Scores that half, nine tenths and 99 of 100 scores of a label do not exceed")
        .labelNames("detector", "label", "window", "q")
        .callback(callback -> each((key, track) -> quantiles(callback, key, track)))
        .register(registry);
  }

  /** Follows a detector's labels from now on, afresh when its digest is another than before. */
  void follow(String detector, String digest, Collection<String> labels) {
    byDetector.compute(
        detector,
        (name, now) ->
            now != null && now.digest.equals(digest) ? now : new Followed(digest, labels));
  }

  /** A score by the detector with this digest; one that is not in force any more says nothing. */
  void add(String detector, String digest, String label, double score) {
    Followed followed = byDetector.get(detector);
    if (followed != null && followed.digest.equals(digest)) {
      ScoreTrack track = followed.tracks.get(label);
      if (track != null) {
        track.add(score);
      }
    }
  }

  private void each(BiConsumer<Key, ScoreTrack> action) {
    byDetector.forEach(
        (detector, followed) ->
            followed.tracks.forEach(
                (label, track) -> action.accept(new Key(detector, label), track)));
  }

  private static void drift(GaugeWithCallback.Callback callback, Key key, ScoreTrack track) {
    track
        .newest()
        .ifPresent(
            newest ->
                callback.call(
                    newest.drift(track.reference().orElseThrow()), key.detector, key.label));
  }

  private static void quantiles(GaugeWithCallback.Callback callback, Key key, ScoreTrack track) {
    track.reference().ifPresent(window -> quantiles(callback, key, "reference", window));
    track.newest().ifPresent(window -> quantiles(callback, key, "newest", window));
  }

  private static void quantiles(
      GaugeWithCallback.Callback callback, Key key, String name, ScoreWindow window) {
    QUANTILES.forEach(
        (q, share) -> callback.call(window.quantile(share), key.detector, key.label, name, q));
  }

  private record Key(String detector, String label) {}

  /** The labels of one version of a detector. */
  private static final class Followed {
    private final String digest;
    private final Map<String, ScoreTrack> tracks = new LinkedHashMap<>();

    Followed(String digest, Collection<String> labels) {
      this.digest = digest;
      labels.stream().limit(LABELS_MAX).forEach(label -> tracks.put(label, new ScoreTrack()));
    }
  }
}
