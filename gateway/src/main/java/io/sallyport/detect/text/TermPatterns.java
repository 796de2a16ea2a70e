package io.sallyport.detect.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Patterns by which the terms of a lexicon are found, with what each is worth. Immutable, safe on
 * every thread.
 *
 * <p>A term is looked for as written, without accents, and (unless it is of another script) as
 * Latin letters, since the forms of a prompt come in these states; with its words apart and as one;
 * and, when it is long enough not to arise by chance, letter by letter amid other single letters.
 */
final class TermPatterns {
  /** Shorter terms turn up inside other words once these are letter-spaced. */
  private static final int SPACED_LETTERS_MIN = 6;

  /** Shorter words differ from others by a doubled letter only: {@code but}, {@code butt}. */
  private static final int SQUEEZED_LETTERS_MIN = 7;

  /** What a pattern says: the index of a label, and how much of it. */
  private record Worth(int label, double weight) {}

  private final TermAutomaton automaton;
  private final List<List<Worth>> worths;

  private TermPatterns(Map<String, List<Worth>> patterns) {
    this.automaton = new TermAutomaton(List.copyOf(patterns.keySet()));
    this.worths = List.copyOf(patterns.values());
  }

  /** Patterns over forms as they are. */
  static TermPatterns plain(List<Term> terms, List<String> labels) {
    return build(terms, labels, TermPatterns::plain);
  }

  /** Patterns over forms without repeated letters, of long terms only. */
  static TermPatterns squeezed(List<Term> terms, List<String> labels) {
    return build(terms, labels, term -> squeezed(term, SQUEEZED_LETTERS_MIN));
  }

  /** Patterns over the drawn-out words of forms, without repeated letters, of all terms. */
  static TermPatterns drawnOut(List<Term> terms, List<String> labels) {
    return build(terms, labels, term -> squeezed(term, 0));
  }

  /** Room for the marks of the scans of one prompt. */
  long[] marks() {
    return automaton.marks();
  }

  /** Marks the patterns that occur in the words that {@link Words} or {@link Elongation} wrote. */
  void scan(char[] words, int length, long[] marks) {
    automaton.scan(words, length, marks);
  }

  /** Raises each label's score to the strongest of its marked patterns. */
  void score(long[] marks, double[] scores) {
    for (int block = 0; block < marks.length; block++) {
      for (long bits = marks[block]; bits != 0; bits &= bits - 1) {
        for (Worth worth : worths.get(block * 64 + Long.numberOfTrailingZeros(bits))) {
          scores[worth.label()] = Math.max(scores[worth.label()], worth.weight());
        }
      }
    }
  }

  /** Number of states of the automaton. */
  int states() {
    return automaton.states();
  }

  /** The patterns of one term. */
  @FunctionalInterface
  private interface Maker {
    Set<String> patterns(Term term);
  }

  private static TermPatterns build(List<Term> terms, List<String> labels, Maker maker) {
    Map<String, List<Worth>> patterns = new LinkedHashMap<>();
    for (Term term : terms) {
      Worth worth = new Worth(labels.indexOf(term.label()), term.weight());
      for (String pattern : maker.patterns(term)) {
        patterns.computeIfAbsent(pattern, none -> new ArrayList<>()).add(worth);
      }
    }
    return new TermPatterns(patterns);
  }

  private static Set<String> plain(Term term) {
    Set<String> patterns = new LinkedHashSet<>();
    for (String words : spellings(term.text())) {
      String letters = words.replace(" ", "");
      patterns.add(bound(words, term.match()));
      patterns.add(bound(letters, term.match()));
      if (letters.length() >= SPACED_LETTERS_MIN) {
        patterns.add(bound(String.join(" ", letters.split("")), term.match()));
      }
    }
    return patterns;
  }

  private static Set<String> squeezed(Term term, int lettersMin) {
    Set<String> patterns = new LinkedHashSet<>();
    for (String spelling : spellings(term.text())) {
      String words = squeeze(spelling);
      String letters = squeeze(spelling.replace(" ", ""));
      if (letters.length() >= lettersMin) {
        // What is left of a short term is too little to be looked for inside words.
        boolean inside = letters.length() >= SPACED_LETTERS_MIN;
        Term.Match match = inside ? term.match() : Term.Match.WORD;
        patterns.add(bound(words, match));
        patterns.add(bound(letters, match));
      }
    }
    return patterns;
  }

  /** As written, without accents, as Latin letters; each as words with single spaces between. */
  private static Set<String> spellings(String text) {
    Set<String> spellings = new LinkedHashSet<>();
    String clean = Cleaning.clean(text);
    spellings.add(Words.of(text).strip());
    spellings.add(Words.of(clean).strip());
    if (clean.chars().anyMatch(Words::isAsciiLetter)) {
      // A term of another script, read as Latin, would be found in words that only look alike.
      spellings.add(Words.of(Lookalikes.fold(clean)).strip());
    }
    return spellings;
  }

  private static String squeeze(String words) {
    char[] spaced = (" " + words + " ").toCharArray();
    char[] out = new char[spaced.length + 1];
    return new String(out, 0, Elongation.squeeze(spaced, spaced.length, false, out)).strip();
  }

  private static String bound(String words, Term.Match match) {
    return switch (match) {
      case WORD -> " " + words + " ";
      case PREFIX -> " " + words;
      case ANYWHERE -> words;
    };
  }
}
