package io.sallyport.detect;

import java.util.List;
import java.util.Map;

/**
 * How things stand on the lane at one moment.
 *
 * @param waiting tasks in the queue, and those that wait for a model
 * @param queueMax tasks that may wait; those that have begun and wait for a model may come on top,
 *     as many as there are threads
 * @param oldestAgeNanos how long the oldest of them has waited; 0 when none does
 * @param running tasks that have a thread, the hanging ones too
 * @param threads threads that work, or could
 * @param threadsLost threads that hang
 * @param callers how many have something waiting or running
 * @param callerWaitingMost tasks waiting of the caller that has most
 * @param refusals so far, by reason
 * @param models every model that was asked for
 */
public record LaneLoad(
    int waiting,
    int queueMax,
    long oldestAgeNanos,
    int running,
    int threads,
    int threadsLost,
    int callers,
    int callerWaitingMost,
    Map<LaneRefusal, Long> refusals,
    List<ModelLoad> models) {
  public LaneLoad {
    refusals = Map.copyOf(refusals);
    models = List.copyOf(models);
  }
}
