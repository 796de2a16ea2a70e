package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DividedTest {
  /** The first five are the examples of the reference's own documentation. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "REMOVED; false; the-final--countdown; the|final|countdown",
        "ISOLATED; false; the-final--countdown; the|-|final|-|-|countdown",
        "MERGED_WITH_PREVIOUS; false; the-final--countdown; the-|final-|-|countdown",
        "MERGED_WITH_NEXT; false; the-final--countdown; the|-final|-|-countdown",
        "CONTIGUOUS; false; the-final--countdown; the|-|final|--|countdown",
        "REMOVED; true; the-final--countdown; -|-|-",
        "ISOLATED; true; the-final--countdown; the|-|final|-|-|countdown",
        "MERGED_WITH_PREVIOUS; true; the-final--countdown; the|-final|-|-countdown",
        "MERGED_WITH_NEXT; true; the-final--countdown; the-|final-|-|countdown",
        "CONTIGUOUS; true; the-final--countdown; the|-|final|--|countdown",
        "REMOVED; false; --; ''",
        "MERGED_WITH_PREVIOUS; false; -a; -|a",
        "MERGED_WITH_NEXT; false; a-; a|-",
        "CONTIGUOUS; false; --; --",
      })
  void handsOutTheWordsOfTheReference(
      Divided.Behaviour behaviour, boolean invert, String text, String words) {
    Divided divided = new Divided(new Finder.Literal("-"), behaviour, invert);
    assertThat(String.join("|", words(divided, "(" + text + ")", 1, text.length() + 1)))
        .isEqualTo(words);
  }

  @Test
  void longerTextsAreFoundFromTheLeftAndOnce() {
    Divided divided = new Divided(new Finder.Literal("aa"), Divided.Behaviour.ISOLATED, false);
    assertThat(words(divided, "aaab", 0, 4)).containsExactly("aa", "ab");
    assertThat(words(divided, "aaab", 0, 1)).containsExactly("a");
  }

  @Test
  void stopsWhenTheSinkHasHadEnough() {
    for (Divided.Behaviour behaviour : Divided.Behaviour.values()) {
      List<String> words = new ArrayList<>();
      boolean all =
          new Divided(new Finder.Literal("-"), behaviour, false)
              .over(
                  "a-b-c-d",
                  0,
                  7,
                  (text, start, end) -> {
                    words.add(text.substring(start, end));
                    return words.size() < 2;
                  });
      assertThat(all).as(behaviour.toString()).isFalse();
      assertThat(words).as(behaviour.toString()).hasSize(2);
    }
  }

  private static List<String> words(Split split, String text, int start, int end) {
    List<String> words = new ArrayList<>();
    boolean all = split.over(text, start, end, (in, from, to) -> words.add(in.substring(from, to)));
    assertThat(all).isTrue();
    return words;
  }
}
