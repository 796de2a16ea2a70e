package io.sallyport.cli;

import io.sallyport.detect.embedding.VectorIndex;
import io.sallyport.yaml.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is true of the rows of a file of vectors: tab-separated, a row's key and its labels with
 * commas between them, none for a row that has none. A key is the number of the line that was
 * embedded, or its SHA-256. Blank lines and lines that start with {@code #} are passed over; rows
 * that are not named are left out of the training.
 *
 * @param labels every label, sorted
 * @param rows the labels of each row by its line, in the order of lines
 */
record LabelsFile(SortedSet<String> labels, Map<Integer, SortedSet<String>> rows) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9/_-]{0,63}");
  private static final Pattern LINE = Pattern.compile("[1-9][0-9]{0,8}");
  private static final int LABELS_MAX = 100;

  /** Fewer rows teach nothing, and none would be left to look at. */
  static final int ROWS_LEAST = 5;

  /** Reads the lines of a file; empty, with problems recorded, unless all of it is right. */
  static Optional<LabelsFile> parse(
      String file, List<String> lines, VectorIndex index, Problems problems) {
    int before = problems.list().size();
    Reader reader = new Reader(file, index, problems);
    for (int i = 0; i < lines.size(); i++) {
      reader.read(i + 1, lines.get(i));
    }
    LabelsFile read = reader.finish();
    return problems.list().size() == before ? Optional.of(read) : Optional.empty();
  }

  private static final class Reader {
    private final String file;
    private final Problems problems;
    private final Map<String, SortedSet<Integer>> byHash = new HashMap<>();

    /** By line, the first line of the same content. */
    private final Map<Integer, Integer> twins = new HashMap<>();

    private final SortedSet<String> labels = new TreeSet<>();
    private final TreeMap<Integer, SortedSet<String>> rows = new TreeMap<>();

    Reader(String file, VectorIndex index, Problems problems) {
      this.file = file;
      this.problems = problems;
      for (VectorIndex.Row row : index.rows()) {
        SortedSet<Integer> same = byHash.computeIfAbsent(row.sha256(), _ -> new TreeSet<>());
        same.add(row.line());
        twins.put(row.line(), same.first());
      }
    }

    void read(int number, String line) {
      if (line.isBlank() || line.startsWith("#")) {
        return;
      }
      String[] columns = line.split("\t", -1);
      if (columns.length != 2) {
        problems.add(file, number, "expected a key, one tab, and labels with commas between them");
        return;
      }
      SortedSet<String> given = labels(number, columns[1]);
      for (int row : rows(number, columns[0])) {
        if (rows.putIfAbsent(row, given) != null) {
          problems.add(file, number, "row " + row + " has its labels already");
        }
      }
      labels.addAll(given);
    }

    private SortedSet<String> labels(int number, String column) {
      SortedSet<String> given = new TreeSet<>();
      for (String label : column.isBlank() ? new String[0] : column.split(",", -1)) {
        if (!LABEL.matcher(label.strip()).matches()) {
          problems.add(
              file, number, "a label is a-z, 0-9, '/', '_' and '-', at most 64 characters");
        } else if (!given.add(label.strip())) {
          problems.add(file, number, "duplicate label");
        }
      }
      return given;
    }

    private Set<Integer> rows(int number, String key) {
      Set<Integer> found = byHash.getOrDefault(key, new TreeSet<>());
      if (LINE.matcher(key).matches() && twins.containsKey(Integer.parseInt(key))) {
        found = Set.of(Integer.parseInt(key));
      }
      if (found.isEmpty()) {
        problems.add(file, number, "the vectors have no such row");
      }
      return found;
    }

    LabelsFile finish() {
      if (labels.isEmpty() || labels.size() > LABELS_MAX) {
        problems.add(file, 0, "expected 1 to " + LABELS_MAX + " labels, found " + labels.size());
      }
      rows.forEach(this::sameAsItsTwins);
      labels.forEach(this::enough);
      return new LabelsFile(labels, rows);
    }

    private void sameAsItsTwins(int row, SortedSet<String> given) {
      int first = twins.getOrDefault(row, row);
      SortedSet<String> others = rows.get(first);
      if (others != null && !others.equals(given)) {
        problems.add(
            file, 0, "rows " + first + " and " + row + " are the same and have other labels");
      }
    }

    private void enough(String label) {
      long with = rows.values().stream().filter(given -> given.contains(label)).count();
      long without = rows.size() - with;
      if (with < ROWS_LEAST || without < ROWS_LEAST) {
        String message = "label '%s' has %d rows with it and %d without, needs %d of each";
        problems.add(file, 0, message.formatted(label, with, without, ROWS_LEAST));
      }
    }
  }
}
