package io.sallyport.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Rows divided into those that are learnt from and those that are only looked at.
 *
 * <p>Rows of one key stay together, or the head would be asked what it was told. Each set of labels
 * is divided on its own (stratified), so that both sides have about the same share of it.
 *
 * @param learn rows to learn from, by line
 * @param heldOut the others, by line
 */
public record Split(List<LabelledRow> learn, List<LabelledRow> heldOut) {
  public Split {
    learn = List.copyOf(learn);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Divides rows by chance.
   *
   * @param share of the rows of each set of labels that is held out, from 0 to 1, rounded to whole
   *     keys
   * @param seed equal seeds divide equal rows equally, whatever their order
   */
  public static Split of(Collection<LabelledRow> rows, double share, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    List<LabelledRow> learn = new ArrayList<>();
    List<LabelledRow> heldOut = new ArrayList<>();
    for (List<List<LabelledRow>> keys : strata(rows)) {
      shuffle(keys, random);
      int out = (int) StrictMath.rint(keys.size() * share);
      keys.subList(0, out).forEach(heldOut::addAll);
      keys.subList(out, keys.size()).forEach(learn::addAll);
    }
    Comparator<LabelledRow> byLine = Comparator.comparingInt(LabelledRow::line);
    learn.sort(byLine);
    heldOut.sort(byLine);
    return new Split(learn, heldOut);
  }

  /** By set of labels, the rows of each key; the labels of a key are its first row's. */
  private static List<List<List<LabelledRow>>> strata(Collection<LabelledRow> rows) {
    Map<String, List<LabelledRow>> byKey = new TreeMap<>();
    rows.stream()
        .sorted(Comparator.comparingInt(LabelledRow::line))
        .forEach(row -> byKey.computeIfAbsent(row.key(), _ -> new ArrayList<>()).add(row));
    Map<String, List<List<LabelledRow>>> strata = new TreeMap<>();
    for (List<LabelledRow> same : byKey.values()) {
      String labels = same.getFirst().labels().toString();
      strata.computeIfAbsent(labels, _ -> new ArrayList<>()).add(same);
    }
    return List.copyOf(strata.values());
  }

  /** Fisher and Yates's, as Durstenfeld 1964 has it. */
  private static <T> void shuffle(List<T> list, RandomGenerator random) {
    for (int i = list.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      T kept = list.get(i);
      list.set(i, list.get(other));
      list.set(other, kept);
    }
  }
}
