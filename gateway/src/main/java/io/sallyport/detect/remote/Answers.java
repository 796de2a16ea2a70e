package io.sallyport.detect.remote;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What detectors over remote models say, whatever they read. */
final class Answers {
  /** Changes when the way from sample to score does, and with it every score. */
  private static final String METHOD = "remote-1";

  private Answers() {}

  static String digest(RemoteModel model) {
    return Digests.canonical(List.of(METHOD, model.digest()));
  }

  /** One score per label, always all of them. Cancelling it cancels the call. */
  static CompletableFuture<List<Signal>> signals(
      String detector, Stage stage, RemoteModel model, CompletableFuture<double[]> call) {
    CompletableFuture<List<Signal>> signals =
        call.thenApply(scores -> signals(detector, stage, model, scores));
    var _ = signals.whenComplete((_, _) -> call.cancel(true));
    return signals;
  }

  private static List<Signal> signals(
      String detector, Stage stage, RemoteModel model, double[] scores) {
    List<Signal> signals = new ArrayList<>(scores.length);
    for (int i = 0; i < scores.length; i++) {
      signals.add(new Signal.Score(detector, stage, model.labels().get(i), scores[i]));
    }
    return signals;
  }
}
