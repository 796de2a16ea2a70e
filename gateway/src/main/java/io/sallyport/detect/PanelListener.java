package io.sallyport.detect;

/**
 * Hears how each detector fared. Called on lane, timer or callers' threads: must be quick, never
 * block, and be safe on every thread. What it throws is dropped, for counting must never break a
 * check.
 */
@FunctionalInterface
public interface PanelListener {
  void ran(DetectorRun run);
}
