package io.sallyport.load;

import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one Gatling run does: a closed warm-up, then the measured phase.
 *
 * @param url scheme, host and port of what is called
 * @param pid the process whose processor time counts
 * @param size {@code size} of the requests; the upstream answers {@link FixedUpstream#LARGE} with a
 *     real picture
 * @param warmSeconds with {@link #WARM_USERS} users at full speed; 0 for none
 * @param seconds of the measured phase
 * @param perSecond arrivals of the open workload, at random times; 0 for a closed one
 * @param users of the closed workload, each asking again at once; 0 for an open one
 * @param result where the run writes {@link Measured} as JSON
 */
record Plan(
    String url,
    long pid,
    String size,
    int warmSeconds,
    int seconds,
    double perSecond,
    int users,
    Path result) {
  static final int WARM_USERS = 8;

  /** The system property that names the file with the run's plan. */
  static final String PROPERTY = "io.sallyport.load.plan";

  Plan {
    if ((perSecond > 0) == (users > 0)) {
      throw new IllegalArgumentException("either an open or a closed workload");
    }
  }

  static Plan read(Path file) {
    return JsonMapper.shared().readValue(file, Plan.class);
  }

  void write(Path file) {
    JsonMapper.shared().writeValue(file, this);
  }
}
