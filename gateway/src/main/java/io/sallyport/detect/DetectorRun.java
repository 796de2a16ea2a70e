package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;

/**
 * How one detector fared with one sample: what metrics and logs are made of. Holds no content.
 *
 * @param stage the stage of the sample
 * @param detector the detector's name, or {@link #PREPARE} for the preparation that all shared
 * @param result {@link #OK}, or the wire name of the {@link Cause}
 * @param workNanos nanoseconds of work; 0 when it never started
 * @param queueNanos nanoseconds that the sample waited for a thread
 * @param detail for developers: where it crashed or what was wrong with the answer; else empty
 */
public record DetectorRun(
    Stage stage, String detector, String result, long workNanos, long queueNanos, String detail) {
  /** The result of a detector that answered. */
  public static final String OK = "ok";

  /** Stands in {@link #detector()} for the decoding or normalising of the sample. */
  public static final String PREPARE = "prepare";
}
