package io.sallyport.proxy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels that are open, and whose their names are. Bounded; safe on every thread.
 *
 * <p>A name that a client chose belongs to its first owner: services hand out a stream to whoever
 * says its name.
 */
final class Channels {
  private final int most;
  private final Owned<Boolean> names;
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * @param most open at most
   */
  Channels(int most, Owned<Boolean> names) {
    this.most = most;
    this.names = names;
  }

  /** Makes a name the owner's; false when it is another's. */
  boolean claim(Owner owner, String name) {
    return names.claim(owner, name, true);
  }

  /**
   * Takes a place.
   *
   * @param close called on any thread when the gateway stops
   * @return false when there is none
   */
  boolean enter(Runnable close) {
    open.add(close);
    if (open.size() > most) {
      open.remove(close);
      return false;
    }
    if (draining) {
      close.run();
    }
    return true;
  }

  void leave(Runnable close) {
    open.remove(close);
  }

  /** Closes all, and those that are still to come. */
  void drain() {
    draining = true;
    open.forEach(Runnable::run);
  }
}
