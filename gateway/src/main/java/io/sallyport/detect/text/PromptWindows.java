package io.sallyport.detect.text;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Window;
import io.sallyport.signal.Cause;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The windows through which a model reads all forms of a prompt, equal ones once: most normalised
 * forms read the same to an uncased tokenizer and then cost nothing.
 */
public final class PromptWindows {
  /**
   * Distinct windows of all forms of one prompt. A prompt with more is too large rather than read
   * in part: else its author could choose which part.
   */
  public static final int MAX = 1024;

  private PromptWindows() {}

  /**
   * Cuts every form.
   *
   * @return at least one, in the order of the forms
   * @throws UnavailableException {@code TOO_LARGE} for more than {@link #MAX}
   */
  public static Set<Window> of(Prompt prompt, Cutter cutter) throws UnavailableException {
    Set<Window> windows = new LinkedHashSet<>();
    for (String form : prompt.forms()) {
      windows.addAll(cutter.windows(form, MAX));
      if (windows.size() > MAX) {
        throw new UnavailableException(Cause.TOO_LARGE, "more windows than are judged");
      }
    }
    return windows;
  }

  /** A text model's way to cut one text. */
  @FunctionalInterface
  public interface Cutter {
    List<Window> windows(String text, int windowsMax) throws UnavailableException;
  }
}
