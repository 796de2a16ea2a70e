package io.sallyport;

import java.nio.file.Path;
import java.util.Map;

/**
 * Tells from look to look whether files changed: at once, or only when they have come to rest,
 * since what is being copied is not whole yet. One thread.
 */
final class Settling {
  private final boolean atRest;
  private Map<Path, String> seen;
  private boolean told = true;

  /**
   * @param atRest whether a change is told only once two looks find the same
   * @param first what the first look found; nobody is told of it
   */
  Settling(boolean atRest, Map<Path, String> first) {
    this.atRest = atRest;
    this.seen = first;
  }

  /** True when what was found is to be told now; once for each change. */
  boolean tells(Map<Path, String> now) {
    boolean same = now.equals(seen);
    seen = now;
    told &= same;
    if (told || (atRest && !same)) {
      return false;
    }
    told = true;
    return true;
  }
}
