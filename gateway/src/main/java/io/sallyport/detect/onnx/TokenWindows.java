package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from a text to the windows that a model reads, the same for every kind of text model.
 *
 * @param input how long windows are and how far apart
 */
record TokenWindows(TokenInput input, Tokenizer tokenizer) {
  /** Room for the tokens of nearly every text, kept by each thread. */
  private static final ThreadLocal<int[]> ROOM = ThreadLocal.withInitial(() -> new int[1024]);

  /**
   * Cuts a text into windows of tokens that overlap, the last one as full as the others.
   *
   * @param windowsMax work and memory stop there
   * @return at least one window, also for an empty text
   * @throws UnavailableException {@code TOO_LARGE} for a text of more windows
   */
  List<Window> of(String text, int windowsMax) throws UnavailableException {
    int room = input.window() - ends();
    int tokensMax = room + Math.multiplyExact(windowsMax - 1, input.stride());
    int[] ids = ROOM.get();
    int count = tokenizer.encode(text, ids);
    if (count == ids.length && count <= tokensMax) {
      ids = new int[tokensMax + 1];
      count = tokenizer.encode(text, ids);
    }
    if (count > tokensMax) {
      throw new UnavailableException(Cause.TOO_LARGE, "more windows than are judged");
    }
    List<Window> windows = new ArrayList<>();
    for (int start = 0; start + room < count; start += input.stride()) {
      windows.add(window(ids, start, room));
    }
    int last = Math.max(0, count - room);
    windows.add(window(ids, last, count - last));
    return windows;
  }

  /** How many tokens of a window are not of the text. */
  private int ends() {
    return (tokenizer.clsId() == Tokenizer.NONE ? 0 : 1)
        + (tokenizer.sepId() == Tokenizer.NONE ? 0 : 1);
  }

  private Window window(int[] ids, int start, int count) {
    int[] window = new int[count + ends()];
    int at = 0;
    if (tokenizer.clsId() != Tokenizer.NONE) {
      window[at++] = tokenizer.clsId();
    }
    System.arraycopy(ids, start, window, at, count);
    if (tokenizer.sepId() != Tokenizer.NONE) {
      window[at + count] = tokenizer.sepId();
    }
    return new Window(window);
  }
}
