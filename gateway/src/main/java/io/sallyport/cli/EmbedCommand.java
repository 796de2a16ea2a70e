package io.sallyport.cli;

import io.sallyport.detect.embedding.VectorFile;
import io.sallyport.detect.embedding.VectorIndex;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport models embed}: from a list of texts or pictures to vectors. */
@Command(
    name = "embed",
    description = "Place every line of a list, a text or the path of a picture, as vectors.",
    mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "UTF-8, one text a line, or one path of a picture, from the file's own folder.")
  private Path file;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FOLDER",
      description =
          "An embedding model's folder, or all-minilm-l6-v2-int8 for the embedded sentence model.")
  private String model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PREFIX",
      description = "Writes PREFIX.f32 (float32, little-endian) and PREFIX.json (the index).")
  private Path prefix;

  @Override
  public Integer call() throws IOException {
    Path folder = prefix.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UserException("not a folder: " + folder);
    }
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelStore store = open(runtime)) {
      VectorIndex index = new ListEmbedding(loaded(store), file).write(prefix);
      spec.commandLine()
          .getOut()
          .printf(
              "%d lines, %d vectors of %d numbers by %s%n  numbers  %s%n  sha256   %s%n"
                  + "  index    %s%n",
              index.rows().size(),
              index.vectors(),
              index.size(),
              index.model(),
              prefix + VectorFile.SUFFIX,
              index.sha256(),
              prefix + VectorIndex.SUFFIX);
    }
    return 0;
  }

  private ModelStore open(OnnxRuntime runtime) {
    return model.equals(ModelStore.MINILM)
        ? ModelsCommand.load(runtime, Path.of("."), Set.of(model))
        : ModelsCommand.loadFolder(runtime, Path.of(model));
  }

  /** The only model of the store: an embedding model stands on no other. */
  private static LoadedModel loaded(ModelStore store) {
    return store.models().values().iterator().next();
  }
}
