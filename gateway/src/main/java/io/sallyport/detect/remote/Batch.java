package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.PixelInput;
import io.sallyport.detect.onnx.RemoteInput;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TokenInput;
import io.sallyport.detect.onnx.Window;
import io.sallyport.signal.Cause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one call asks: rows that are answered together.
 *
 * @param inputs every input of the model, each of so many rows
 */
record Batch(List<InputTensor> inputs, int rows) {
  /** Calls of one sample. What needs more is too large, rather than asked in part. */
  static final int CALLS_MAX = 64;

  /**
   * Windows of tokens: those of one length travel together, so that none is padded.
   *
   * @throws UnavailableException {@code TOO_LARGE} for more than {@link #CALLS_MAX} calls
   */
  static List<Batch> ofWindows(RemoteModel model, TokenInput input, Collection<Window> windows)
      throws UnavailableException {
    Map<Integer, List<long[]>> byLength = new LinkedHashMap<>();
    for (Window window : windows) {
      long[] ids = model.ids(window);
      byLength.computeIfAbsent(ids.length, length -> new ArrayList<>()).add(ids);
    }
    List<Batch> batches = new ArrayList<>();
    for (List<long[]> alike : byLength.values()) {
      batches.addAll(cut(alike, batch(model), rows -> tokens(input, rows)));
    }
    return bounded(batches);
  }

  private static List<InputTensor> tokens(TokenInput input, List<long[]> rows) {
    List<InputTensor> tensors = new ArrayList<>();
    tensors.add(InputTensor.ids(input.ids(), rows));
    String mask = input.mask();
    if (mask != null) {
      tensors.add(InputTensor.ids(mask, filled(rows, 1)));
    }
    String types = input.types();
    if (types != null) {
      tensors.add(InputTensor.ids(types, filled(rows, 0)));
    }
    return tensors;
  }

  private static List<long[]> filled(List<long[]> rows, long value) {
    long[] row = new long[rows.getFirst().length];
    Arrays.fill(row, value);
    return rows.stream().map(each -> row).toList();
  }

  /** Texts as they are. */
  static List<Batch> ofTexts(RemoteModel model, RemoteInput.Texts input, List<String> texts)
      throws UnavailableException {
    return bounded(
        cut(
            texts,
            batch(model),
            rows -> List.of(InputTensor.texts(input.tensor(), input.rank(), rows))));
  }

  /** Views of one picture. */
  static List<Batch> ofViews(RemoteModel model, PixelInput input, List<float[]> views)
      throws UnavailableException {
    List<float[]> pixels = views.stream().map(model::pixels).toList();
    return bounded(
        cut(
            pixels,
            batch(model),
            rows -> List.of(InputTensor.numbers(input.tensor(), input.shape(), rows))));
  }

  private static int batch(RemoteModel model) {
    return model.kind().call().batch();
  }

  private static <R> List<Batch> cut(
      List<R> rows, int size, Function<List<R>, List<InputTensor>> tensors) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += size) {
      List<R> part = rows.subList(from, Math.min(rows.size(), from + size));
      batches.add(new Batch(tensors.apply(part), part.size()));
    }
    return batches;
  }

  private static List<Batch> bounded(List<Batch> batches) throws UnavailableException {
    if (batches.size() > CALLS_MAX) {
      throw new UnavailableException(Cause.TOO_LARGE, "more calls than one sample may need");
    }
    return batches;
  }
}
