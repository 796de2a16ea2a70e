package io.sallyport.detect;

/**
 * Hears what an operator should know of the lane. Called on lane, timer or callers' threads, never
 * under the lane's lock: must be quick, never block, and be safe on every thread. What it throws is
 * dropped.
 */
public interface LaneListener {
  /** Hears nothing. */
  LaneListener NONE =
      new LaneListener() {
        @Override
        public void circuit(CircuitChange change) {}

        @Override
        public void threadLost(boolean replaced) {}

        @Override
        public void threadReturned() {}
      };

  /** A model's circuit changed. */
  void circuit(CircuitChange change);

  /**
   * A thread was given up: its task hangs beyond its deadline.
   *
   * @param replaced false when the lane goes on with one thread less
   */
  void threadLost(boolean replaced);

  /** A thread that was given up has come back after all. */
  void threadReturned();
}
