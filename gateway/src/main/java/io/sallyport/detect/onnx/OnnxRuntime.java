package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.sallyport.detect.DeadlineWatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process's ONNX Runtime environment, and the timer that ends runs at their deadline.
 *
 * <p>ONNX Runtime keeps one native environment per process; opening this twice shares it. The
 * version is pinned to 1.28: from 1.29 on, the Linux library writes a device id below the home
 * folder and uploads telemetry as soon as the environment exists. 1.28 has no such code; telemetry
 * is switched off all the same, for whoever moves the pin.
 *
 * <p>Safe on every thread. The timer is one daemon thread; it only sets flags.
 */
public final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment;
  private final DeadlineWatch timer;
  private final AtomicInteger sessions = new AtomicInteger();

  private OnnxRuntime(OrtEnvironment environment, DeadlineWatch timer) {
    this.environment = environment;
    this.timer = timer;
  }

  /**
   * Loads the native library. Its own log is limited to fatal errors: everything milder arrives as
   * an exception too, and the native log writes to standard error in a format of its own.
   *
   * @throws IllegalStateException when the environment refuses its settings
   */
  public static OnnxRuntime open() {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sallyport");
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses its settings: " + e.getCode());
    }
    return new OnnxRuntime(environment, new DeadlineWatch("model-deadlines", System::nanoTime));
  }

  /** The version of the native library, such as {@code 1.28.0}. */
  public String version() {
    return environment.getVersion();
  }

  /** Gauge: sessions that are open now. One that is never closed would show here. */
  public int sessions() {
    return sessions.get();
  }

  /** Counts a session that was opened, or with -1 closed. */
  void counted(int change) {
    sessions.addAndGet(change);
  }

  OrtEnvironment environment() {
    return environment;
  }

  /** Options for one run that must end at {@code deadlineNanos} of {@link System#nanoTime()}. */
  RunLimit limit(long deadlineNanos) throws OrtException {
    return RunLimit.start(timer, deadlineNanos);
  }

  /**
   * Stops the timer; close every model first. The native environment lives as long as the process.
   */
  @Override
  public void close() {
    timer.close();
  }
}
