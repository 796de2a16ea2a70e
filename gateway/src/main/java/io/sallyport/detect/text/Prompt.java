package io.sallyport.detect.text;

import io.sallyport.detect.embedding.SampleVectors;
import java.util.List;
import java.util.Objects;

/**
 * A text with its readable forms, made once and shared by all text detectors.
 *
 * @param raw as the client sent it
 * @param forms what a reader or a model could make of it: the raw text first, then each distinct
 *     normalised reading. Detectors judge every form; the stronger counts
 * @param spellings further guesses at single words (joined across hyphens, digits read as letters),
 *     of use to term lists only: a language model gains nothing from them. Term lists judge these
 *     too
 * @param vectors what embedding models made of it, shared by the detectors that stand on one
 */
public record Prompt(
    String raw, List<String> forms, List<String> spellings, SampleVectors vectors) {
  public Prompt {
    forms = List.copyOf(forms);
    spellings = List.copyOf(spellings);
  }

  /** A text that no model has seen. */
  public Prompt(String raw, List<String> forms, List<String> spellings) {
    this(raw, forms, spellings, new SampleVectors());
  }

  /** A text without guesses at its spelling. */
  public Prompt(String raw, List<String> forms) {
    this(raw, forms, List.of());
  }

  /** Equal readings are equal prompts, whatever models have seen of them. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Prompt prompt
        && raw.equals(prompt.raw)
        && forms.equals(prompt.forms)
        && spellings.equals(prompt.spellings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(raw, forms, spellings);
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Prompt[" + raw.length() + " chars, " + forms.size() + " forms]";
  }
}
