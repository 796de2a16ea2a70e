package io.sallyport.load;

import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one Gatling run saw in its measured phase.
 *
 * @param statuses how many answers by HTTP status; 0 counts requests without an answer
 * @param p50 milliseconds from asking to the last byte, of answers with status 200; so the other
 *     two
 * @param refusedP99 the same of answers with status 503
 * @param seconds from the first request to the last answer
 * @param cpuSeconds processor time of the watched process meanwhile
 */
record Measured(
    Map<Integer, Long> statuses,
    double p50,
    double p95,
    double p99,
    double refusedP99,
    double seconds,
    double cpuSeconds) {
  Measured {
    statuses = Map.copyOf(statuses);
  }

  static Measured read(Path file) {
    return JsonMapper.shared().readValue(file, Measured.class);
  }

  void write(Path file) {
    JsonMapper.shared().writeValue(file, this);
  }

  long requests() {
    return statuses.values().stream().mapToLong(Long::longValue).sum();
  }

  long count(int status) {
    return statuses.getOrDefault(status, 0L);
  }

  /** Answers with status 200 per second. */
  double perSecond() {
    return count(200) / seconds;
  }

  double cpuMillisPerRequest() {
    return 1000 * cpuSeconds / requests();
  }

  /**
   * Whether 99 % of the requests got their picture. A server that refuses is fast and cheap: its
   * figures say nothing.
   */
  boolean isSound() {
    return requests() > 0 && count(200) >= 0.99 * requests();
  }

  /** The share of requests answered with 200 or 503: nothing cut, nothing late, no other error. */
  double orderly() {
    return (double) (count(200) + count(503)) / requests();
  }
}
