package io.sallyport.cli;

import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Texts, or paths of pictures, with what is true of them: tab-separated, the input and the labels
 * that it has with commas between them, none for an input that has none. Blank lines and lines that
 * start with {@code #} are passed over.
 *
 * @param rows in the order of the file
 */
record LabelledLines(List<Row> rows) {
  private static final int INPUT_CHARS_MAX = 32_000;

  LabelledLines {
    rows = List.copyOf(rows);
  }

  /**
   * One line.
   *
   * @param number 1-based
   */
  record Row(int number, String input, Set<String> labels) {
    Row {
      labels = Set.copyOf(labels);
    }
  }

  /**
   * Reads the lines of a file; empty, with problems recorded, unless all of it is right.
   *
   * @param known the labels that may be named
   */
  static Optional<LabelledLines> parse(
      String file, List<String> lines, Collection<String> known, Problems problems) {
    int before = problems.list().size();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank() && !line.startsWith("#")) {
        read(file, i + 1, line, known, problems).ifPresent(rows::add);
      }
    }
    return problems.list().size() == before
        ? Optional.of(new LabelledLines(rows))
        : Optional.empty();
  }

  private static Optional<Row> read(
      String file, int number, String line, Collection<String> known, Problems problems) {
    String[] columns = line.split("\t", -1);
    if (columns.length != 2 || columns[0].isBlank() || columns[0].length() > INPUT_CHARS_MAX) {
      problems.add(
          file,
          number,
          "expected a text or a path of at most "
              + INPUT_CHARS_MAX
              + " characters, one tab, and labels with commas between them");
      return Optional.empty();
    }
    Set<String> labels = new LinkedHashSet<>();
    for (String label : columns[1].isBlank() ? new String[0] : columns[1].split(",", -1)) {
      if (!known.contains(label.strip())) {
        problems.add(file, number, "the model has no label '" + label.strip() + "'");
      }
      labels.add(label.strip());
    }
    return Optional.of(new Row(number, columns[0], labels));
  }
}
