package io.sallyport.load;

/**
 * A line of the report. Rates are low enough for one core, so that latency is not waiting time;
 * with models they are a share of the full speed just measured, for machines differ widely there.
 */
enum Scenario {
  DIRECT("direct", FixedUpstream.LARGE, 40),
  BARE("bare proxy", FixedUpstream.LARGE, 40),
  NO_DETECTORS("no detectors", FixedUpstream.LARGE, 40),
  DIRECT_TINY("direct, tiny bodies", FixedUpstream.TINY, 200),
  BARE_TINY("bare proxy, tiny bodies", FixedUpstream.TINY, 200),
  NO_DETECTORS_TINY("no detectors, tiny bodies", FixedUpstream.TINY, 200),
  PROMPT("prompt gate, half speed", FixedUpstream.TINY, 0),
  PROMPT_FULL("prompt gate, full speed", FixedUpstream.TINY, 0),
  BOTH("prompt + image, half speed", FixedUpstream.LARGE, 0),
  BOTH_FULL("prompt + image, full speed", FixedUpstream.LARGE, 0),
  OVERLOAD("overload (3x full speed)", FixedUpstream.LARGE, 0);

  private final String title;
  private final String size;
  private final double perSecond;

  Scenario(String title, String size, double perSecond) {
    this.title = title;
    this.size = size;
    this.perSecond = perSecond;
  }

  String title() {
    return title;
  }

  /** {@code size} of its requests. */
  String size() {
    return size;
  }

  /**
   * Arrivals of its open workload; 0 where the rate is another's result, or the workload is closed.
   */
  double perSecond() {
    return perSecond;
  }

  /** What its latency is compared with. */
  Scenario direct() {
    return size.equals(FixedUpstream.LARGE) ? DIRECT : DIRECT_TINY;
  }
}
