package io.sallyport.detect.onnx;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a text becomes a model's input tensors.
 *
 * <p>A text longer than one window is never cut: it is read through several windows, and the
 * strongest counts.
 *
 * @param tokenizer the tokenizer's file, one of the card's files
 * @param ids the name of the input that takes token ids
 * @param mask the name of the input that takes ones, and zeros where {@code pad} is; null where the
 *     graph has none
 * @param types the name of the input that takes zeros; null where the graph has none
 * @param maxTokens the longest input that the model was trained for
 * @param window tokens of one window with its two special tokens, at most {@code maxTokens}
 * @param stride tokens from the start of one window to the start of the next, at most {@code window
 *     - 2}, so that nothing falls between two
 * @param pad the id that fills every window up to {@code window} tokens; null where the graph takes
 *     windows as long as they are
 */
public record TokenInput(
    String tokenizer,
    String ids,
    @Nullable String mask,
    @Nullable String types,
    int maxTokens,
    int window,
    int stride,
    @Nullable Integer pad) {

  /** How many tokens the graph gets for a window of so many. */
  int fed(int tokens) {
    return pad == null ? tokens : window;
  }

  /** The number of tokens that a graph must declare: a fixed one, or -1 for any. */
  int declared() {
    return pad == null ? -1 : window;
  }

  /** The names of the inputs that the graph has. */
  public List<String> tensors() {
    List<String> names = new ArrayList<>(List.of(ids));
    if (mask != null) {
      names.add(mask);
    }
    if (types != null) {
      names.add(types);
    }
    return names;
  }
}
