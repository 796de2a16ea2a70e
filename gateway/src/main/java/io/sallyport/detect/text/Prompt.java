package io.sallyport.detect.text;

import java.util.List;

/**
 * A text with its readable forms, made once and shared by all text detectors.
 *
 * @param raw as the client sent it
 * @param forms what a reader or a model could make of it: the raw text first, then each distinct
 *     normalised reading. Detectors judge every form; the stronger counts
 * @param spellings further guesses at single words (joined across hyphens, digits read as letters),
 *     of use to term lists only: a language model gains nothing from them. Term lists judge these
 *     too
 */
public record Prompt(String raw, List<String> forms, List<String> spellings) {
  public Prompt {
    forms = List.copyOf(forms);
    spellings = List.copyOf(spellings);
  }

  /** A text without guesses at its spelling. */
  public Prompt(String raw, List<String> forms) {
    this(raw, forms, List.of());
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Prompt[" + raw.length() + " chars, " + forms.size() + " forms]";
  }
}
