package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.sallyport.detect.DeadlineWatch;

/**
 * The options of one run, with the timer that ends the run at its deadline.
 *
 * <p>Opened and closed by the thread that runs the model; the timer's thread may come in between.
 * The lock is what keeps a late timer from touching native options that are already freed.
 */
final class RunLimit implements AutoCloseable {
  private final RunOptions options;
  private final DeadlineWatch timer;
  private final DeadlineWatch.Alarm alarm;
  private boolean closed;
  private boolean overrun;

  private RunLimit(RunOptions options, DeadlineWatch timer, long deadlineNanos) {
    this.options = options;
    this.timer = timer;
    this.alarm = timer.arm(deadlineNanos, this::end);
  }

  static RunLimit start(DeadlineWatch timer, long deadlineNanos) throws OrtException {
    RunOptions options = new RunOptions();
    try {
      return new RunLimit(options, timer, deadlineNanos);
    } catch (RuntimeException e) {
      options.close();
      throw e;
    }
  }

  RunOptions options() {
    return options;
  }

  /** True when the run was told to stop, so that its failure means "too late". */
  synchronized boolean overrun() {
    return overrun;
  }

  private synchronized void end() {
    if (closed) {
      return;
    }
    overrun = true;
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      // The run goes on to its own end; its answer counts as late.
    }
  }

  @Override
  public void close() {
    timer.disarm(alarm);
    synchronized (this) {
      closed = true;
      options.close();
    }
  }
}
