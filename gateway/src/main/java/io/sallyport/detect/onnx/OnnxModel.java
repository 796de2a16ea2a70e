package io.sallyport.detect.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One ONNX session, shared by all lane threads.
 *
 * <p>A run uses the calling thread only: one intra-op and one inter-op thread, no spinning,
 * sequential execution, all graph optimisations. Two threads per run would help a lonely request
 * and halve the throughput of a busy gateway; spinning would take the cores from everything else.
 *
 * <p>Safe for concurrent runs. {@link #close()} waits for the runs that are under way, for a while.
 */
final class OnnxModel implements AutoCloseable {
  /** ONNX Runtime's words for an output of another shape than the pinned one; a test holds them. */
  private static final String SHAPE_MISMATCH = "computed output shape";

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final OnnxRuntime runtime;
  private final OrtSession session;
  private final Map<String, TensorInfo> inputs;
  private final Map<String, TensorInfo> outputs;

  /** A permit per run; whoever closes takes them all and keeps them. */
  private final Semaphore open = new Semaphore(Integer.MAX_VALUE);

  private volatile boolean closed;

  private OnnxModel(OnnxRuntime runtime, OrtSession session) throws OrtException {
    this.runtime = runtime;
    this.session = session;
    this.inputs = tensors(session.getInputInfo());
    this.outputs = tensors(session.getOutputInfo());
    runtime.counted(1);
  }

  /**
   * Loads a graph from memory, never from a path: what was verified is what runs.
   *
   * @throws UnusableModelException when ONNX Runtime cannot read or optimise it
   */
  static OnnxModel open(OnnxRuntime runtime, byte[] onnx) throws UnusableModelException {
    try (SessionOptions options = options()) {
      OrtSession session = runtime.environment().createSession(onnx, options);
      try {
        return new OnnxModel(runtime, session);
      } catch (OrtException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new UnusableModelException("not an ONNX model that runs here: " + firstLine(e));
    }
  }

  private static SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  /** The graph's inputs that are tensors; {@code -1} in a shape is a dimension left open. */
  Map<String, TensorInfo> inputs() {
    return inputs;
  }

  /** The graph's outputs that are tensors. */
  Map<String, TensorInfo> outputs() {
    return outputs;
  }

  OnnxRuntime runtime() {
    return runtime;
  }

  /** True while some thread is in a run. */
  boolean running() {
    return open.availablePermits() < Integer.MAX_VALUE;
  }

  /** Runs of this graph by ONNX Runtime's plain call, all inputs of this shape. */
  BareRun bare(long... shape) throws UnavailableException {
    return BareRun.of(this, session, shape);
  }

  /**
   * Runs the graph once, writing into the given output tensors.
   *
   * <p>The deadline is looked at between the operators of the graph: a single operator that never
   * ends cannot be interrupted from inside the process.
   *
   * @param pinned by name, on buffers of the caller's; the shapes must be those that the run gives
   * @throws UnavailableException {@code TIMEOUT} past the deadline, {@code BAD_OUTPUT} for another
   *     shape than the pinned one, {@code CRASH} for every other failure
   */
  void run(Map<String, OnnxTensor> feeds, Map<String, OnnxTensor> pinned, long deadlineNanos)
      throws UnavailableException {
    if (deadlineNanos - System.nanoTime() <= 0) {
      throw new UnavailableException(Cause.TIMEOUT, "no time left to run the model");
    }
    if (closed || !open.tryAcquire()) {
      throw new UnavailableException(Cause.CRASH, "the model is closed");
    }
    try (RunLimit limit = runtime.limit(deadlineNanos)) {
      run(feeds, pinned, limit);
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no run options: " + e.getCode());
    } finally {
      open.release();
    }
  }

  private void run(Map<String, OnnxTensor> feeds, Map<String, OnnxTensor> pinned, RunLimit limit)
      throws UnavailableException {
    try (OrtSession.Result _ = session.run(feeds, Set.of(), pinned, limit.options())) {
      if (limit.overrun()) {
        throw late();
      }
    } catch (OrtException e) {
      throw limit.overrun() ? late() : failure(e);
    }
  }

  private static UnavailableException late() {
    return new UnavailableException(Cause.TIMEOUT, "the model ran past its deadline");
  }

  /** Names the error's code only: some of ONNX Runtime's messages quote token ids. */
  private static UnavailableException failure(OrtException e) {
    boolean shape = String.valueOf(e.getMessage()).contains(SHAPE_MISMATCH);
    return shape
        ? new UnavailableException(Cause.BAD_OUTPUT, "the model's output has another shape")
        : new UnavailableException(Cause.CRASH, "the model failed: " + e.getCode());
  }

  private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          if (node.getInfo() instanceof TensorInfo tensor) {
            tensors.put(name, tensor);
          }
        });
    return tensors;
  }

  private static String firstLine(OrtException e) {
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  /**
   * Ends the session once the last run has left. Closing twice does nothing. A run that hangs must
   * not keep the process from ending: after a while its session is left as it is.
   */
  @Override
  public void close() {
    close(CLOSE_WITHIN);
  }

  /** Closes, but waits for the last run only so long. */
  synchronized void close(Duration most) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!open.tryAcquire(Integer.MAX_VALUE, most.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      session.close();
      runtime.counted(-1);
    } catch (OrtException e) {
      throw new IllegalStateException("session cannot be closed: " + e.getCode());
    }
  }
}
