package io.sallyport.proxy;

import java.util.Set;

/**
 * How an exchange ended.
 *
 * @param label {@code allowed}, {@code blocked}, {@code closed} (a channel that was open), {@code
 *     client_left}, or the reason of a refusal
 * @param status the HTTP status sent; 499 when nobody was there to read it
 */
record Outcome(String label, int status) {
  private static final Set<String> OWN =
      Set.of("allowed", "blocked", "judged", "closed", "upstream_error", "client_left", "aborted");

  /** Few values, for metrics: a refusal's reason has a counter of its own. */
  String metricLabel() {
    return OWN.contains(label) ? label : "refused";
  }
}
