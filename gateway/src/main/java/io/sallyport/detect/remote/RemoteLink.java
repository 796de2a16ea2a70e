package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.RemoteCall;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.signal.Cause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One remote model at one address: verified before it is asked, asked within bounds, and looked at
 * from time to time.
 *
 * <p>Safe on every thread; {@link #verify} and {@link #look} block. Whoever opens it closes it.
 */
public final class RemoteLink implements AutoCloseable {
  /** Of JSON around the numbers of an answer, and of metadata. */
  private static final int JSON_BYTES_MAX = 64 << 10;

  /** The longest spelling of a float in JSON, with its comma and what may stand around it. */
  private static final int NUMBER_BYTES_MAX = 32;

  private final RemoteModel model;
  private final RemoteServer server;
  private final String path;
  private volatile Standing standing = new Standing.Unreachable("not asked yet");

  private RemoteLink(RemoteModel model, RemoteServer server) {
    this.model = model;
    this.server = server;
    RemoteCall call = model.kind().call();
    this.path =
        "/v2/models/" + call.model() + call.version().map(it -> "/versions/" + it).orElse("");
  }

  /**
   * Makes a link; nothing is sent yet.
   *
   * @param name of the detector, for threads
   * @throws IOException when the authority's file cannot be read
   */
  public static RemoteLink open(String name, RemoteModel model, RemoteAddress address)
      throws IOException {
    return new RemoteLink(model, new RemoteServer(name, address));
  }

  /** What is asked. */
  public RemoteModel model() {
    return model;
  }

  /** What was found of the remote so far. */
  public Standing standing() {
    return standing;
  }

  /**
   * Asks whether the model is ready, holds its metadata against the card, and asks the card's
   * examples. Blocks.
   *
   * @return what it is from now on
   */
  public Standing verify(long deadlineNanos) {
    standing = Verification.of(this, deadlineNanos);
    return standing;
  }

  /**
   * Asks whether the model is ready. One that was verified stays so, whatever the answer: its calls
   * tell soon enough. Blocks.
   *
   * @return true when it is
   */
  public boolean look(long deadlineNanos) {
    try {
      ready(deadlineNanos);
      return true;
    } catch (UnavailableException e) {
      return false;
    }
  }

  void ready(long deadlineNanos) throws UnavailableException {
    join(server.get(path + "/ready", JSON_BYTES_MAX, deadlineNanos));
  }

  Metadata metadata(long deadlineNanos) throws UnavailableException {
    return Metadata.read(join(server.get(path, JSON_BYTES_MAX, deadlineNanos)));
  }

  private static <T> T join(CompletableFuture<T> future) throws UnavailableException {
    try {
      return future.join();
    } catch (RuntimeException e) {
      throw Failures.of(e);
    }
  }

  /**
   * Asks all rows of a sample; per label the strongest counts. One row without an answer leaves all
   * without.
   *
   * @param batches at least one
   * @return one score from 0 to 1 per label; fails with {@link UnavailableException}. Cancelling it
   *     ends the calls
   * @throws UnavailableException when the remote is not verified
   */
  CompletableFuture<double[]> strongest(List<Batch> batches, long deadlineNanos)
      throws UnavailableException {
    switch (standing) {
      case Standing.Verified verified -> {}
      case Standing.Unreachable unreachable ->
          throw new UnavailableException(Cause.CRASH, "the remote was not reached yet");
      case Standing.Refused refused ->
          throw new UnavailableException(Cause.BAD_OUTPUT, "the remote is not what the card says");
    }
    return ask(batches, deadlineNanos);
  }

  /** As {@link #strongest}, whether or not the remote is verified. */
  CompletableFuture<double[]> ask(List<Batch> batches, long deadlineNanos) {
    CompletableFuture<double[]> result = new CompletableFuture<>();
    double[] strongest = new double[model.labels().size()];
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (Batch batch : batches) {
      if (result.isDone()) {
        break;
      }
      answers.add(call(batch, strongest, deadlineNanos, result));
    }
    var _ =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .thenRun(() -> result.complete(strongest));
    return result;
  }

  /** One call; its failure fails the result, whose end ends the call. */
  private CompletableFuture<Void> call(
      Batch batch, double[] strongest, long deadlineNanos, CompletableFuture<double[]> result) {
    RemoteCall call = model.kind().call();
    String output = model.kind().output().tensor();
    int numbers = batch.rows() * model.labels().size();
    InferRequest question = InferRequest.of(batch.inputs(), output, call.binary());
    CompletableFuture<Reply> reply =
        server.post(
            path + "/infer", question, JSON_BYTES_MAX + NUMBER_BYTES_MAX * numbers, deadlineNanos);
    var _ = result.whenComplete((_, _) -> reply.cancel(true));
    return reply
        .thenAccept(answer -> read(answer, batch.rows(), strongest, result))
        .whenComplete(
            (_, thrown) -> {
              if (thrown != null) {
                result.completeExceptionally(Failures.of(thrown));
              }
            });
  }

  private void read(Reply reply, int rows, double[] strongest, CompletableFuture<double[]> result) {
    int labels = strongest.length;
    RemoteCall call = model.kind().call();
    try {
      float[] numbers =
          OutputTensor.read(
              reply,
              new OutputTensor.Asked(call.model(), call.version()),
              model.kind().output().tensor(),
              rows,
              labels);
      for (int row = 0; row < rows; row++) {
        float[] one = Arrays.copyOfRange(numbers, row * labels, (row + 1) * labels);
        raise(strongest, model.scores(one));
      }
    } catch (UnavailableException e) {
      result.completeExceptionally(e);
    }
  }

  private static void raise(double[] strongest, double[] scores) {
    synchronized (strongest) {
      for (int i = 0; i < scores.length; i++) {
        strongest[i] = Math.max(strongest[i], scores[i]);
      }
    }
  }

  /** Gauge: calls in flight. */
  public int inFlight() {
    return server.inFlight();
  }

  /** Gauge: calls that wait for their turn. */
  public int waiting() {
    return server.waiting();
  }

  /** Ends calls under way. */
  @Override
  public void close() {
    server.close();
  }
}
