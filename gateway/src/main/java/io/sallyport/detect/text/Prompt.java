package io.sallyport.detect.text;

import java.util.List;

/**
 * A text with its readable forms, made once and shared by all text detectors.
 *
 * @param raw as the client sent it
 * @param forms what a reader or a model could make of it: the raw text first, then each distinct
 *     normalised reading. Detectors judge every form; the stronger counts
 */
public record Prompt(String raw, List<String> forms) {
  public Prompt {
    forms = List.copyOf(forms);
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Prompt[" + raw.length() + " chars, " + forms.size() + " forms]";
  }
}
