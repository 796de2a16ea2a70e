package io.sallyport.detect.text;

import io.sallyport.detect.Cost;
import io.sallyport.detect.Detector;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Says of each label of a {@link Lexicon} how strongly the terms in a prompt speak for it.
 *
 * <p>Always one score per label: the weight of the strongest term found in any form or spelling of
 * the prompt, 0 when there is none. Three scans per form, each linear: the words as they are; the
 * words without repeated letters, for terms long enough; the words that are drawn out, for all.
 */
public final class LexiconDetector implements Detector<Prompt> {
  /** Longer texts get buffers of their own; a thread keeps room for ordinary ones. */
  private static final int KEPT_CHARS = 4096;

  private final Lexicon lexicon;
  private final String digest;
  private final List<String> labels;
  private final TermPatterns plain;
  private final TermPatterns squeezed;
  private final TermPatterns drawnOut;
  private final ThreadLocal<Scan> scans = ThreadLocal.withInitial(Scan::new);

  /** Compiles the terms, which costs about 2 kB of memory for each. */
  public LexiconDetector(Lexicon lexicon) {
    this.lexicon = lexicon;
    this.digest = lexicon.digest();
    this.labels = List.copyOf(lexicon.labels());
    this.plain = TermPatterns.plain(lexicon.terms(), labels);
    this.squeezed = TermPatterns.squeezed(lexicon.terms(), labels);
    this.drawnOut = TermPatterns.drawnOut(lexicon.terms(), labels);
  }

  @Override
  public String name() {
    return lexicon.name();
  }

  @Override
  public Set<Stage> stages() {
    return Stage.OF_TEXTS;
  }

  @Override
  public Cost cost() {
    return Cost.LOOKUP;
  }

  @Override
  public Set<String> labels() {
    return Set.copyOf(labels);
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public List<Signal> inspect(Stage stage, Prompt prompt, long deadlineNanos)
      throws UnavailableException {
    Scan scan = scans.get();
    scan.begin(longest(prompt));
    for (String form : prompt.forms()) {
      scan.over(form, deadlineNanos);
    }
    for (String spelling : prompt.spellings()) {
      scan.over(spelling, deadlineNanos);
    }
    double[] scores = scan.scores();
    List<Signal> signals = new ArrayList<>(labels.size());
    for (int i = 0; i < scores.length; i++) {
      signals.add(new Signal.Score(name(), stage, labels.get(i), scores[i]));
    }
    return signals;
  }

  private static int longest(Prompt prompt) {
    int longest = 0;
    for (String form : prompt.forms()) {
      longest = Math.max(longest, form.length());
    }
    for (String spelling : prompt.spellings()) {
      longest = Math.max(longest, spelling.length());
    }
    return longest;
  }

  /** The marks and buffers of one inspection at a time, used again by the next on its thread. */
  private final class Scan {
    private final long[] plainMarks = plain.marks();
    private final long[] squeezedMarks = squeezed.marks();
    private final long[] drawnOutMarks = drawnOut.marks();
    private final char[] keptWords = new char[KEPT_CHARS];
    private final char[] keptShorter = new char[KEPT_CHARS + 1];
    private char[] words = keptWords;
    private char[] shorter = keptShorter;

    /** Forgets the inspection before. */
    void begin(int longest) {
      Arrays.fill(plainMarks, 0);
      Arrays.fill(squeezedMarks, 0);
      Arrays.fill(drawnOutMarks, 0);
      boolean fits = Words.room(longest) <= KEPT_CHARS;
      words = fits ? keptWords : new char[Words.room(longest)];
      shorter = fits ? keptShorter : new char[words.length + 1];
    }

    void over(String text, long deadlineNanos) throws UnavailableException {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new UnavailableException(Cause.TIMEOUT, "deadline passed between forms");
      }
      int length = Words.write(text, words);
      plain.scan(words, length, plainMarks);
      squeezed.scan(shorter, Elongation.squeeze(words, length, false, shorter), squeezedMarks);
      drawnOut.scan(shorter, Elongation.squeeze(words, length, true, shorter), drawnOutMarks);
    }

    double[] scores() {
      words = keptWords;
      shorter = keptShorter;
      double[] scores = new double[labels.size()];
      plain.score(plainMarks, scores);
      squeezed.score(squeezedMarks, scores);
      drawnOut.score(drawnOutMarks, scores);
      return scores;
    }
  }
}
