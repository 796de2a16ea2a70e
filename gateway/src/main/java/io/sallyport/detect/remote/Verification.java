package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.ImageExample;
import io.sallyport.detect.onnx.Kind;
import io.sallyport.detect.onnx.RemoteInput;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.ScoredText;
import io.sallyport.detect.remote.Metadata.Tensor;
import io.sallyport.detect.remote.Standing.Misfit;
import io.sallyport.detect.text.PromptWindows;
import io.sallyport.signal.Cause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Holds a remote model against its card: its metadata, then its answers to the card's examples. */
final class Verification {
  /** Of a message; a server's names may be long. */
  private static final int CHARS_MAX = 300;

  private final RemoteLink link;
  private final RemoteModel model;
  private final long deadlineNanos;
  private final List<Misfit> misfits = new ArrayList<>();

  private Verification(RemoteLink link, long deadlineNanos) {
    this.link = link;
    this.model = link.model();
    this.deadlineNanos = deadlineNanos;
  }

  /** What is found; blocks until the deadline at most. */
  static Standing of(RemoteLink link, long deadlineNanos) {
    Verification verification = new Verification(link, deadlineNanos);
    try {
      link.ready(deadlineNanos);
      verification.compare(link.metadata(deadlineNanos));
      if (verification.misfits.isEmpty()) {
        verification.examples();
      }
    } catch (UnavailableException e) {
      String why = String.valueOf(e.getMessage());
      if (e.why() != Cause.BAD_OUTPUT) {
        return new Standing.Unreachable(e.why().wire() + " (" + why + ")");
      }
      verification.misfit(0, why);
    }
    return verification.misfits.isEmpty()
        ? new Standing.Verified()
        : new Standing.Refused(verification.misfits);
  }

  private void compare(Metadata metadata) {
    Kind.Remote kind = model.kind();
    if (!metadata.name().equals(kind.call().model())) {
      misfit(0, "the remote says that it is '" + metadata.name() + "'");
    }
    Map<String, Tensor> wanted = wanted(kind.input(), kind.call().batch());
    if (!metadata.inputs().keySet().equals(wanted.keySet())) {
      misfit(
          0,
          "the remote's inputs are "
              + metadata.inputs().keySet()
              + ", the card's are "
              + new TreeSet<>(wanted.keySet()));
    }
    wanted.forEach(
        (name, tensor) -> {
          if (metadata.inputs().containsKey(name)) {
            told("input", metadata.inputs(), name, tensor);
          }
        });
    long labels = model.labels().size();
    Tensor answer = new Tensor("FP32", List.of(rows(kind.call().batch()), labels));
    Tensor row = new Tensor("FP32", List.of(labels));
    String output = kind.output().tensor();
    boolean bare =
        kind.call().batch() == 1
            && Metadata.misfit(metadata.outputs(), output, row.datatype(), row.shape()).isEmpty();
    if (!bare) {
      told("output", metadata.outputs(), output, answer);
    }
  }

  /** What is sent; -1 where it has to be open. */
  private static Map<String, Tensor> wanted(RemoteInput input, int batch) {
    long rows = rows(batch);
    return switch (input) {
      case RemoteInput.Tokens tokens -> {
        Map<String, Tensor> wanted = new LinkedHashMap<>();
        for (String name : tokens.input().tensors()) {
          wanted.put(name, new Tensor("INT64", List.of(rows, -1L)));
        }
        yield wanted;
      }
      case RemoteInput.Texts texts ->
          Map.of(
              texts.tensor(),
              new Tensor("BYTES", texts.rank() == 1 ? List.of(rows) : List.of(rows, 1L)));
      case RemoteInput.Pixels pixels -> {
        List<Long> shape = new ArrayList<>(Arrays.stream(pixels.input().shape()).boxed().toList());
        shape.set(0, rows);
        yield Map.of(pixels.input().tensor(), new Tensor("FP32", shape));
      }
    };
  }

  private static long rows(int batch) {
    return batch == 1 ? 1 : -1;
  }

  private void told(String what, Map<String, Tensor> found, String name, Tensor wanted) {
    Metadata.misfit(found, name, wanted.datatype(), wanted.shape())
        .ifPresent(message -> misfit(0, "the remote's " + what + " " + message));
  }

  private void examples() throws UnavailableException {
    for (ScoredText example : model.kind().texts()) {
      List<Batch> batches =
          switch (model.kind().input()) {
            case RemoteInput.Tokens tokens ->
                Batch.ofWindows(
                    model, tokens.input(), model.windows(example.text(), PromptWindows.MAX));
            case RemoteInput.Texts texts -> Batch.ofTexts(model, texts, List.of(example.text()));
            case RemoteInput.Pixels pixels -> List.of();
          };
      judge(batches, example.line(), example.expect(), example.tolerance());
    }
    if (model.kind().input() instanceof RemoteInput.Pixels pixels) {
      for (ImageExample example : model.kind().pictures()) {
        float[] view = view(example.picture(), pixels.input().framing());
        List<Batch> batches = Batch.ofViews(model, pixels.input(), List.of(view));
        judge(batches, example.line(), example.expect(), example.tolerance());
      }
    }
  }

  private static float[] view(ImageExample.TestPicture picture, Framing framing) {
    return switch (picture) {
      case ImageExample.Drawn drawn -> drawn.view(framing.width(), framing.height());
      case ImageExample.Stored stored ->
          throw new IllegalStateException("a remote model's card names no files");
    };
  }

  private void judge(List<Batch> batches, int line, Map<String, Double> expect, double tolerance)
      throws UnavailableException {
    double[] scores;
    try {
      scores = link.ask(batches, deadlineNanos).join();
    } catch (RuntimeException e) {
      UnavailableException why = Failures.of(e);
      if (why.why() != Cause.BAD_OUTPUT) {
        throw why;
      }
      misfit(line, "self-test failed: bad_output (" + why.getMessage() + ")");
      return;
    }
    expect.forEach(
        (label, expected) ->
            compare(line, label, expected, scores[model.labels().indexOf(label)], tolerance));
  }

  private void compare(int line, String label, double expected, double found, double tolerance) {
    if (!(Math.abs(expected - found) <= tolerance)) {
      misfit(
          line,
          String.format(
              Locale.ROOT,
              "self-test failed: label '%s' expected %.4f ± %.4f, got %.4f",
              label,
              expected,
              tolerance,
              found));
    }
  }

  private void misfit(int line, String message) {
    String shown = message.length() > CHARS_MAX ? message.substring(0, CHARS_MAX) + "…" : message;
    misfits.add(new Misfit(line, shown));
  }
}
