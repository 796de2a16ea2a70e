package io.sallyport.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects problems while several files are read, so that one run tells all of them; the first
 * thousand, to be exact.
 */
public final class Problems {
  /** Nobody reads more; a hostile file could make millions. */
  private static final int KEPT_MAX = 1000;

  private final List<Problem> found = new ArrayList<>();

  public void add(String file, int line, String message) {
    if (found.size() < KEPT_MAX) {
      found.add(new Problem(file, line, message));
    }
  }

  /** True while nothing is wrong. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** What was found so far, in order. */
  public List<Problem> list() {
    return List.copyOf(found);
  }

  /**
   * Ends a reading.
   *
   * @throws InvalidFileException with every problem, when there is any
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidFileException(found);
    }
  }
}
