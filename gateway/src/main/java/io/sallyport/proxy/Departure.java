package io.sallyport.proxy;

import io.sallyport.detect.Cancellation;
import java.util.ArrayList;
import java.util.List;

/** Whether the client has left, and what to stop then. Lives on the exchange's event loop. */
final class Departure {
  private final List<Runnable> actions = new ArrayList<>();
  private final Cancellation detection = new Cancellation();

  /** What detectors look at. */
  Cancellation detection() {
    return detection;
  }

  boolean left() {
    return detection.cancelled();
  }

  /** Runs when the client leaves, or now when it has left. */
  void onLeaving(Runnable action) {
    if (left()) {
      action.run();
    } else {
      actions.add(action);
    }
  }

  /** The client left. Harmless when repeated. */
  void leave() {
    if (!left()) {
      detection.cancel();
      actions.forEach(Runnable::run);
    }
  }
}
