package io.sallyport.cli;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.train.Score;
import io.sallyport.train.ScoreFit;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport models calibrate}: fits a classifier's scores to what they are worth. */
@Command(
    name = "calibrate",
    description =
        "Score labelled texts or pictures, fit each label, and tell thresholds; draws the curves.",
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "A classifier's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "LABELS",
      description =
          "UTF-8, one row a line: a text, or the path of a picture from the file's own folder; a"
              + " tab; the labels that it has, with commas between them.")
  private Path labels;

  @Option(
      names = "--method",
      defaultValue = "platt",
      paramLabel = "METHOD",
      description = "platt (two numbers a label) or temperature (one; sigmoid only).")
  private String method;

  @Option(
      names = "--false-positives",
      defaultValue = "0.01",
      paramLabel = "SHARE",
      description =
          "The share of rows without a label that its threshold may raise (${DEFAULT-VALUE}).")
  private double falsePositives;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "For the curves.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    if (!(falsePositives >= 0 && falsePositives <= 1)) {
      throw new ParameterException(spec.commandLine(), "--false-positives is from 0 to 1");
    }
    if (!method.equals("platt") && !method.equals("temperature")) {
      throw new ParameterException(spec.commandLine(), "--method is platt or temperature");
    }
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelStore store = ModelsCommand.loadFolder(runtime, folder)) {
      LoadedModel model = store.models().values().iterator().next();
      Scoring<?> scoring = Scoring.of(model, labels);
      requireLogits(model, scoring);
      return fit(scores(scoring));
    }
  }

  private void requireLogits(LoadedModel model, Scoring<?> scoring) {
    String name = model.card().name();
    if (scoring.output().activation() == Activation.NONE) {
      throw new UserException(name + " has activation none: a card takes no calibration for it");
    }
    if (!scoring.output().calibration().isEmpty()) {
      throw new UserException(
          name + " is calibrated already; take `calibration` out of a copy of its card first");
    }
    if (method.equals("temperature") && scoring.output().activation() == Activation.SOFTMAX) {
      throw new UserException(
          "a temperature works on all logits of a softmax at once; use --method platt");
    }
  }

  /** The scores of every row by label. */
  private Map<String, List<Score>> scores(Scoring<?> scoring) {
    Problems problems = new Problems();
    List<String> known = scoring.output().labels();
    List<LabelledLines.Row> rows =
        Utf8File.lines(labels, problems)
            .flatMap(lines -> LabelledLines.parse(labels.toString(), lines, known, problems))
            .map(LabelledLines::rows)
            .orElse(List.of());
    Map<String, List<Score>> scores = new LinkedHashMap<>();
    known.forEach(label -> scores.put(label, new ArrayList<>()));
    for (LabelledLines.Row row : rows) {
      try {
        Map<String, Double> given = scoring.scores(row.input());
        scores.forEach(
            (label, list) ->
                list.add(new Score(given.getOrDefault(label, 0.0), row.labels().contains(label))));
      } catch (UnavailableException e) {
        problems.add(labels.toString(), row.number(), e.why().wire() + " (" + e.getMessage() + ")");
      }
    }
    problems.throwIfAny();
    return scores;
  }

  private int fit(Map<String, List<Score>> scores) throws IOException {
    PrintWriter writer = spec.commandLine().getOut();
    Files.createDirectories(out);
    List<String> card = new ArrayList<>();
    for (Map.Entry<String, List<Score>> entry : scores.entrySet()) {
      long with = entry.getValue().stream().filter(Score::truth).count();
      long without = entry.getValue().size() - with;
      if (with < ScoreFit.LEAST || without < ScoreFit.LEAST) {
        writer.printf(
            "%s: left as it is: %d rows with it and %d without, needs %d of each%n",
            entry.getKey(), with, without, ScoreFit.LEAST);
        continue;
      }
      LabelFit fit =
          LabelFit.of(
              entry.getKey(),
              entry.getValue(),
              method.equals("platt") ? ScoreFit::platt : ScoreFit::temperature);
      fit.print(writer, falsePositives);
      fit.draw(out);
      Optional<String> refusal = fit.refusal();
      if (refusal.isEmpty()) {
        card.add(entry.getKey() + ": " + fit.yaml());
      } else {
        writer.println("  left as it is: " + refusal.get());
      }
    }
    if (card.isEmpty()) {
      writer.println("nothing was fitted");
      return 1;
    }
    writer.println("for the card, below `output:`, in a new version of the folder:");
    writer.println("  calibration: {" + String.join(", ", card) + "}");
    writer.println("curves are in " + out);
    return 0;
  }
}
