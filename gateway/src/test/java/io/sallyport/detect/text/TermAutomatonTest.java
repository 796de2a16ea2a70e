package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TermAutomatonTest {

  @Test
  void findsWhatANaiveSearchFinds() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int hits = 0;
    for (int round = 0; round < 500; round++) {
      Set<String> distinct = new LinkedHashSet<>();
      for (int i = 0; i < 1 + random.nextInt(100); i++) {
        distinct.add(word(random, 1 + random.nextInt(6)));
      }
      List<String> patterns = List.copyOf(distinct);
      String text = word(random, random.nextInt(200));
      Set<Integer> expected = new HashSet<>();
      for (int i = 0; i < patterns.size(); i++) {
        if (text.contains(patterns.get(i))) {
          expected.add(i);
        }
      }
      assertThat(found(new TermAutomaton(patterns), text)).as("seed %d", seed).isEqualTo(expected);
      hits += expected.size();
    }
    assertThat(hits).isPositive();
  }

  @Test
  void findsPatternsThatEndEachOther() {
    TermAutomaton automaton = new TermAutomaton(List.of("she", "he", "e", "hers", "his"));
    assertThat(found(automaton, "ushers")).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(found(automaton, "he he she")).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void keepsTheMarksOfEarlierScans() {
    TermAutomaton automaton = new TermAutomaton(List.of("ab", "cd"));
    long[] marks = automaton.marks();
    automaton.scan("ab".toCharArray(), 2, marks);
    automaton.scan("cd".toCharArray(), 2, marks);
    assertThat(marks).containsExactly(0b11);
  }

  @Test
  void looksNoFurtherThanTheLength() {
    TermAutomaton automaton = new TermAutomaton(List.of("ab"));
    long[] marks = automaton.marks();
    automaton.scan("ab".toCharArray(), 1, marks);
    assertThat(marks).containsExactly(0);
  }

  @Test
  void holdsTwentyThousandPatterns() {
    SplittableRandom random = new SplittableRandom(7);
    Set<String> distinct = new LinkedHashSet<>();
    while (distinct.size() < 20_000) {
      StringBuilder pattern = new StringBuilder(" ");
      for (int i = 0; i < 8; i++) {
        pattern.append((char) ('a' + random.nextInt(26)));
      }
      distinct.add(pattern.append(' ').toString());
    }
    List<String> patterns = List.copyOf(distinct);
    TermAutomaton automaton = new TermAutomaton(patterns);
    String text = String.join("", patterns.subList(100, 300));
    assertThat(found(automaton, text)).hasSize(200).contains(100, 299).doesNotContain(99, 300);
  }

  @Test
  void acceptsNoPatternsAtAll() {
    TermAutomaton automaton = new TermAutomaton(List.of());
    automaton.scan("text".toCharArray(), 4, automaton.marks());
    assertThat(automaton.size()).isZero();
  }

  @Test
  void refusesEmptyAndRepeatedPatterns() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TermAutomaton(List.of("")));
    assertThatIllegalArgumentException().isThrownBy(() -> new TermAutomaton(List.of("a", "a")));
  }

  private static String word(SplittableRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  private static Set<Integer> found(TermAutomaton automaton, String text) {
    long[] marks = automaton.marks();
    automaton.scan(text.toCharArray(), text.length(), marks);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < automaton.size(); i++) {
      if ((marks[i >> 6] & 1L << i) != 0) {
        found.add(i);
      }
    }
    return new HashSet<>(found);
  }
}
