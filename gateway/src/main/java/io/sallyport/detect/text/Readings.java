package io.sallyport.detect.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the readings of one text, each set of words once. Owned by the calling thread. */
final class Readings {
  private final List<String> forms = new ArrayList<>();
  private final List<String> spellings = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private char[] words = {};
  private @Nullable String last;

  /** A reading for every detector. */
  void form(String text) {
    if (isNew(text)) {
      forms.add(text);
    }
  }

  /** A reading for term lists only. */
  void spelling(String text) {
    if (isNew(text)) {
      spellings.add(text);
    }
  }

  Prompt prompt(String raw) {
    return new Prompt(raw, forms, spellings);
  }

  /** What differs in case, spacing or punctuation only reads the same to every detector. */
  @SuppressWarnings("ReferenceEquality") // a step that changes nothing returns its argument
  private boolean isNew(String text) {
    if (text == last) {
      return false;
    }
    last = text;
    if (words.length < Words.room(text.length())) {
      words = new char[Words.room(text.length())];
    }
    return seen.add(new String(words, 0, Words.write(text, words)));
  }
}
