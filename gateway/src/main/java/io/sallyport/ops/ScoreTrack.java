package io.sallyport.ops;

import java.util.Optional;

/**
 * The scores of one label since its detector last changed: the first window, which is what later
 * ones are compared with, and the newest whole one. Safe on every thread; holds its lock for
 * nanoseconds.
 */
final class ScoreTrack {
  /** Chance alone moves the index of two windows of a thousand by some 0.03. */
  static final int WINDOW = 1000;

  private ScoreWindow filling = new ScoreWindow();
  private Optional<ScoreWindow> reference = Optional.empty();
  private Optional<ScoreWindow> newest = Optional.empty();

  synchronized void add(double score) {
    filling.add(score);
    if (filling.total() == WINDOW) {
      if (reference.isEmpty()) {
        reference = Optional.of(filling);
      } else {
        newest = Optional.of(filling);
      }
      filling = new ScoreWindow();
    }
  }

  /** The first window, once it is whole; nothing is added to it any more. */
  synchronized Optional<ScoreWindow> reference() {
    return reference;
  }

  /** The newest window after the first, once one is whole. */
  synchronized Optional<ScoreWindow> newest() {
    return newest;
  }
}
