/**
 * Asks the models. A sample goes in, signals come out, and a detector that fails is a signal too.
 *
 * <p>Owns: what a detector is, the lane of threads that detectors run on, the panel that asks all
 * expected detectors under one deadline, and the cache of prompt signals. Detectors block; they run
 * on lane threads only, never on an event loop. Nothing here knows HTTP, policies or verdicts.
 */
@NullMarked
package io.sallyport.detect;

import org.jspecify.annotations.NullMarked;
