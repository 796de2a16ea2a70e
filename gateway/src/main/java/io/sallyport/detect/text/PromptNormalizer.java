package io.sallyport.detect.text;

import io.sallyport.detect.Preparer;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a text the way somebody reads who looks past its disguise, in every way that seems
 * possible.
 *
 * <p>The raw text is always the first form, so a reading can only add. Each step is a class of its
 * own, linear in its input, and gives its argument back where there is nothing to do; an ordinary
 * prompt has one form. Steps, in order: {@link Cleaning}, then up to two layers of {@link Escapes}
 * and {@link Blobs}, then {@link PromptSyntax}, {@link Lookalikes}, {@link LetterRuns}, {@link
 * Elongation}, {@link WordJoins} and {@link Leet}.
 *
 * <p>The number of readings is bounded by the shape of this class, never by the text: at most
 * {@link #READINGS_MAX}, none longer than {@link #GROWTH_MAX} times the text. Nothing is dropped to
 * keep within a budget, because a client could then choose what is dropped. Safe on every thread.
 */
public final class PromptNormalizer implements Preparer<Prompt> {
  /** Texts with more characters than this are not read at all. */
  public static final int CHARS_MAX = 1 << 17;

  /** No text has more forms and spellings than this. */
  public static final int READINGS_MAX = 370;

  /** No reading has more characters than this many times the text's. */
  public static final int GROWTH_MAX = 4;

  private static final int LETTER = 1;
  private static final int SYLLABLE = 2;

  /**
   * @throws UnavailableException {@link Cause#TOO_LARGE} beyond {@link #CHARS_MAX}; {@link
   *     Cause#UNSUPPORTED} for what is no text
   */
  @Override
  public Prompt prepare(Sample sample) throws UnavailableException {
    return switch (sample) {
      case Sample.Text text -> prepare(text.value());
      case Sample.Image image -> throw new UnavailableException(Cause.UNSUPPORTED, "not a text");
    };
  }

  /** As {@link #prepare(Sample)}, for a text that is at hand. */
  @SuppressWarnings("ReferenceEquality") // a step that changes nothing returns its argument
  public Prompt prepare(String raw) throws UnavailableException {
    if (raw.length() > CHARS_MAX) {
      throw new UnavailableException(Cause.TOO_LARGE, "longer than " + CHARS_MAX + " characters");
    }
    Readings readings = new Readings();
    readings.form(raw);
    String clean = Cleaning.clean(raw);
    String shown = Cleaning.clean(TagText.reveal(raw));
    String once = unwrap(shown);
    String twice = once == shown ? once : unwrap(once); // what hides nothing has no second layer
    // The innermost layer first: it is what a reader would have to reach.
    for (String layer : distinct(twice, clean, once)) {
      read(layer, readings);
    }
    return readings.prompt(raw);
  }

  private static List<String> distinct(String... texts) {
    List<String> distinct = new ArrayList<>(texts.length);
    for (String text : texts) {
      if (!distinct.contains(text)) {
        distinct.add(text);
      }
    }
    return distinct;
  }

  private static String unwrap(String text) {
    return Cleaning.clean(Blobs.decode(Escapes.decode(text)));
  }

  private static void read(String text, Readings readings) {
    readings.form(text);
    PromptSyntax syntax = new PromptSyntax(text);
    for (int choice = 0; choice < syntax.choices(); choice++) {
      String words = syntax.read(choice);
      String latin = Lookalikes.fold(words);
      readings.form(words);
      readings.form(latin);
      spell(latin, readings);
      if (!latin.equals(words)) {
        join(words, readings);
      }
    }
  }

  /** What joins words of every script; other scripts' words are no Latin ones in disguise. */
  private static void join(String words, Readings readings) {
    readings.spelling(LetterRuns.join(words, LETTER, true));
    readings.spelling(LetterRuns.join(words, LETTER, false));
    readings.spelling(WordJoins.careful(words));
    readings.spelling(WordJoins.bold(words));
  }

  private static void spell(String words, Readings readings) {
    String spelledOut = LetterRuns.join(words, LETTER, true);
    String joined = LetterRuns.join(words, LETTER, false);
    readings.form(spelledOut);
    readings.form(joined);
    readings.form(Leet.evident(joined));
    readings.form(Elongation.shorten(words));
    List<String> texts =
        distinct(
            words,
            spelledOut,
            joined,
            LetterRuns.join(words, SYLLABLE, false),
            WordJoins.careful(words),
            WordJoins.bold(words));
    for (String text : texts) {
      readings.spelling(text);
      for (int reading = 0; reading < Leet.READINGS; reading++) {
        readings.spelling(Leet.read(text, reading));
      }
    }
  }
}
