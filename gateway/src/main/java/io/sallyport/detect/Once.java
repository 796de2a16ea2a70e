package io.sallyport.detect;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prepares one sample once, however often it is asked about; that it cannot be judged is kept too.
 *
 * <p>What was prepared is released once nobody asks any more and everyone who {@linkplain #enter()
 * entered} has left. Who hangs has not left, and a sample that was {@linkplain #keep() kept} is
 * never released: then its memory is for the garbage collector. For one sample. Safe on every
 * thread; only {@link #prepare} blocks.
 */
final class Once<S> {
  private final Preparer<S> preparer;

  /** Held while the sample is prepared; what is below needs the other lock only. */
  private final Object preparing = new Object();

  private @Nullable S prepared;
  private @Nullable UnavailableException unavailable;
  private int inside;
  private boolean closed;
  private boolean kept;

  Once(Preparer<S> preparer) {
    this.preparer = preparer;
  }

  /** True when nothing is left to do. */
  synchronized boolean done() {
    return prepared != null || unavailable != null;
  }

  /** Somebody is going to look at the sample. */
  synchronized void enter() {
    inside++;
  }

  /**
   * The sample, prepared now or before, for somebody inside.
   *
   * @throws UnavailableException when it cannot be judged
   */
  S prepare(Sample sample) throws UnavailableException {
    synchronized (preparing) {
      S ready = ready();
      return ready == null ? make(sample) : ready;
    }
  }

  private synchronized @Nullable S ready() throws UnavailableException {
    if (unavailable != null) {
      throw unavailable;
    }
    return prepared;
  }

  private S make(Sample sample) throws UnavailableException {
    try {
      S made = Objects.requireNonNull(preparer.prepare(sample));
      synchronized (this) {
        prepared = made;
      }
      return made;
    } catch (UnavailableException e) {
      synchronized (this) {
        unavailable = e;
      }
      throw e;
    }
  }

  /** Whoever entered looks at the sample no more, or never did. Once for each that entered. */
  void leave() {
    S over;
    synchronized (this) {
      inside--;
      over = over();
    }
    release(over);
  }

  /** Nobody enters any more. */
  void close() {
    S over;
    synchronized (this) {
      closed = true;
      over = over();
    }
    release(over);
  }

  /** From now on it cannot be told when the last one has looked at the sample. */
  synchronized void keep() {
    kept = true;
  }

  /** What is to be released now. */
  private @Nullable S over() {
    if (!closed || inside > 0 || kept) {
      return null;
    }
    S over = prepared;
    prepared = null;
    return over;
  }

  private void release(@Nullable S over) {
    if (over != null) {
      preparer.release(over);
    }
  }
}
