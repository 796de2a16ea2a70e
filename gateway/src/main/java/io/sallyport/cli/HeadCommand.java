package io.sallyport.cli;

import io.sallyport.detect.embedding.VectorFile;
import io.sallyport.detect.embedding.VectorIndex;
import io.sallyport.detect.onnx.convert.ImportOutcome;
import io.sallyport.train.Figures;
import io.sallyport.train.Head;
import io.sallyport.train.HeadTrainer;
import io.sallyport.train.LabelledRow;
import io.sallyport.train.Recipe;
import io.sallyport.train.Split;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport models head}: trains a head on vectors, and says what it is worth. */
@Command(
    name = "head",
    description = "Train a small multi-label head on vectors and write it as a model's folder.",
    mixinStandardHelpOptions = true)
final class HeadCommand implements Callable<Integer> {
  private static final Pattern LICENCE = Pattern.compile("[A-Za-z0-9 .,()+:/_-]{1,200}");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "LABELS.tsv",
      description = "A line's number or SHA-256, a tab, and its labels with commas between them.")
  private Path labels;

  @Option(
      names = "--vectors",
      required = true,
      paramLabel = "PREFIX",
      description = "What 'models embed' wrote.")
  private Path vectors;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "The head's folder; its name is the model's.")
  private Path out;

  @Option(
      names = "--hidden",
      defaultValue = "0",
      paramLabel = "N",
      description = "Units of a hidden layer; 0, the default, is logistic regression.")
  private int hidden;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Equal seeds give equal heads (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--holdout",
      defaultValue = "0.2",
      paramLabel = "SHARE",
      description = "Share of rows that only the figures see (default ${DEFAULT-VALUE}).")
  private double holdout;

  @Option(
      names = "--licence",
      defaultValue = "not stated",
      paramLabel = "TEXT",
      description = "What the card says of its licence.")
  private String licence;

  @Override
  public Integer call() throws IOException {
    check(hidden >= 0 && hidden <= Recipe.HIDDEN_MAX, "--hidden is from 0 to " + Recipe.HIDDEN_MAX);
    check(holdout >= 0.05 && holdout <= 0.5, "--holdout is from 0.05 to 0.5");
    check(LICENCE.matcher(licence).matches(), "--licence is " + LICENCE.pattern());
    Problems problems = new Problems();
    Optional<VectorFile> file = VectorFile.load(vectors, problems);
    Optional<List<String>> lines = Utf8File.lines(labels, problems);
    problems.throwIfAny();
    VectorIndex index = file.orElseThrow().index();
    Optional<LabelsFile> truth =
        LabelsFile.parse(labels.toString(), lines.orElseThrow(), index, problems);
    problems.throwIfAny();
    train(file.orElseThrow(), truth.orElseThrow());
    return 0;
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void train(VectorFile file, LabelsFile truth) throws IOException {
    Split split = Split.of(rows(file, truth), holdout, seed);
    if (split.heldOut().isEmpty()) {
      throw new UserException("no row would be held out: too few rows, or too small a --holdout");
    }
    Head head;
    try {
      head = HeadTrainer.train(split.learn(), Recipe.of(hidden, seed));
    } catch (IllegalArgumentException e) {
      throw new UserException("nothing can be learnt from " + vectors + ": " + e.getMessage());
    }
    List<Figures> figures = Figures.of(head, split.heldOut());
    List<String> names = List.copyOf(truth.labels());
    HeadFolder folder = new HeadFolder(out, head, names, split, figures);
    String source =
        String.format(
            Locale.ROOT,
            "sallyport models head: vectors %s, hidden %d, seed %d, held out %s",
            file.index().sha256(),
            hidden,
            seed,
            holdout);
    ImportOutcome outcome = folder.write(file.index(), licence, source);
    PrintWriter print = spec.commandLine().getOut();
    print(print, file.index(), truth, split);
    print(print, names, figures);
    print.println(
        switch (outcome) {
          case WRITTEN -> "written to " + out;
          case ALREADY_THERE -> "already there: " + out;
        });
  }

  private static List<LabelledRow> rows(VectorFile file, LabelsFile truth) {
    List<LabelledRow> rows = new ArrayList<>();
    for (VectorIndex.Row row : file.index().rows()) {
      SortedSet<String> given = truth.rows().get(row.line());
      if (given != null) {
        List<Boolean> labels = truth.labels().stream().map(given::contains).toList();
        rows.add(new LabelledRow(row.line(), row.sha256(), file.line(row.line()), labels));
      }
    }
    return rows;
  }

  private static void print(PrintWriter out, VectorIndex index, LabelsFile truth, Split split) {
    out.printf(
        "%d rows with labels, %d without; %d to learn from, %d held out%n",
        truth.rows().size(),
        index.rows().size() - truth.rows().size(),
        split.learn().size(),
        split.heldOut().size());
  }

  /** What the head is worth on the rows held out, at the threshold of one half. */
  private static void print(PrintWriter out, List<String> names, List<Figures> figures) {
    int width = Math.max(12, names.stream().mapToInt(String::length).max().orElse(0));
    String row = "%-" + width + "s %6s %9s %9s %10s %7s %8s%n";
    out.printf(row, "held out", "rows", "positive", "accuracy", "precision", "recall", "ROC AUC");
    for (int i = 0; i < names.size(); i++) {
      Figures figure = figures.get(i);
      out.printf(
          row,
          names.get(i),
          figure.rows(),
          figure.positive(),
          share(OptionalDouble.of(figure.accuracy())),
          share(figure.precision()),
          share(figure.recall()),
          share(figure.auc()));
    }
  }

  private static String share(OptionalDouble share) {
    return share.isPresent() ? String.format(Locale.ROOT, "%.4f", share.getAsDouble()) : "-";
  }
}
