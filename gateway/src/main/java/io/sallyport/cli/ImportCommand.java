package io.sallyport.cli;

import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import io.sallyport.detect.onnx.convert.ImportOutcome;
import io.sallyport.detect.onnx.export.ExportImport;
import io.sallyport.detect.onnx.export.ExportRequest;
import io.sallyport.detect.tokens.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport models import}. */
@Command(
    name = "import",
    description = {
      "Bring a model into a folder of models: nsfwjs (from npm), magenta (the demo's),",
      "or a folder as Hugging Face and Optimum export it."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "nsfwjs, magenta, or a folder.")
  private String source;

  @Option(names = "--models", paramLabel = "DIR", description = "The folder of models.")
  private @Nullable Path models;

  @Option(
      names = "--package",
      paramLabel = "FILE",
      description = "nsfwjs: a tarball that you have, instead of asking npm.")
  private @Nullable Path tarball;

  @Option(
      names = "--in-place",
      description = "A folder: write the card into it, instead of copying it below --models.")
  private boolean inPlace;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "A folder: the model's name; else the folder's, in small letters.")
  private @Nullable String name;

  @Option(
      names = "--graph",
      paramLabel = "FILE",
      description = "A folder: which .onnx file; else model.onnx before model_quantized.onnx.")
  private @Nullable String graph;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "A folder: its licence; else what its README.md says.")
  private @Nullable String licence;

  @Option(
      names = "--origin",
      paramLabel = "TEXT",
      description = "A folder: where it came from, for the card's source.")
  private @Nullable String origin;

  @Override
  public Integer call() throws IOException {
    switch (source) {
      case "nsfwjs" -> nsfwjs(required());
      case "magenta" -> tell(ColourModel.writeInto(required()), ColourModel.NAME);
      case String folder -> export(Path.of(folder));
    }
    return 0;
  }

  private void nsfwjs(Path into) throws IOException {
    tell(
        tarball == null
            ? EmbeddedImageModel.importInto(into)
            : EmbeddedImageModel.importInto(into, tarball),
        EmbeddedImageModel.NAME);
  }

  private Path required() throws IOException {
    if (models == null) {
      throw new ParameterException(spec.commandLine(), "--models: name the folder of models");
    }
    return Files.createDirectories(models);
  }

  private void tell(ImportOutcome outcome, String model) {
    String what =
        switch (outcome) {
          case WRITTEN -> "written to ";
          case ALREADY_THERE -> "already there: ";
        };
    spec.commandLine().getOut().println(what + (models == null ? model : models.resolve(model)));
  }

  private void export(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "no such source: " + folder + " (nsfwjs, magenta, or a folder)");
    }
    if (inPlace == (models != null)) {
      throw new ParameterException(
          spec.commandLine(), "a folder: expected either --models DIR or --in-place");
    }
    ExportRequest request =
        new ExportRequest(
            folder,
            Optional.ofNullable(models),
            Optional.ofNullable(name),
            Optional.ofNullable(graph),
            Optional.ofNullable(licence),
            Optional.ofNullable(origin));
    PrintWriter out = spec.commandLine().getOut();
    try (OnnxRuntime runtime = OnnxRuntime.open()) {
      new ExportImport(runtime, Tokenizers::open, request).run().forEach(out::println);
    }
  }
}
