package io.sallyport.cli;

import io.sallyport.Models;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.onnx.BoxModel;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport models}: bring, verify and time models. */
@Command(
    name = "models",
    description = "List, verify, time, use, train and import models.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ModelsCommand.ListModels.class,
      ModelsCommand.Verify.class,
      ModelsCommand.Bench.class,
      EmbedCommand.class,
      HeadCommand.class,
      CalibrateCommand.class,
      ImportCommand.class
    })
final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "name a command: list, verify, bench, embed, head, calibrate or import");
  }

  /** Loads models, verified and self-tested, or throws with every problem. */
  static ModelStore load(OnnxRuntime runtime, Path dir, Set<String> names) {
    Problems problems = new Problems();
    var store = Models.load(runtime, dir, names, problems);
    problems.throwIfAny();
    return store.orElseThrow();
  }

  /**
   * The version in this folder; or, in a folder of versions, the one that is to run. A head's
   * embedding model comes along.
   */
  static ModelStore loadFolder(OnnxRuntime runtime, Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null || !Files.isDirectory(path)) {
      throw new UserException("not a folder: " + folder);
    }
    if (!Files.exists(path.resolve("model.yaml"))) {
      return load(runtime, parent, Set.of(name.toString()));
    }
    Problems problems = new Problems();
    var store = Models.loadVersion(runtime, path, problems);
    problems.throwIfAny();
    return store.orElseThrow();
  }

  private static void print(PrintWriter out, String name, LoadedModel model) {
    out.printf("%s%n", name);
    switch (model) {
      case ImageModel image ->
          out.printf(
              "  kind     image-classifier, %dx%d, labels %s%n",
              image.framing().width(), image.framing().height(), image.labels());
      case ImageEmbeddingModel image ->
          out.printf(
              "  kind     image-embedding, %dx%d, %d numbers%n",
              image.framing().width(), image.framing().height(), image.size());
      case HeadModel head -> {
        out.printf("  kind     head on %s, labels %s%n", head.input().embedding(), head.labels());
        head.figures()
            .forEach(
                (label, held) ->
                    out.printf(
                        Locale.ROOT,
                        "  figures  %s: accuracy %.4f on %d rows held out, %d of them positive%n",
                        label,
                        held.accuracy(),
                        held.rows(),
                        held.positive()));
      }
      case BoxModel objects ->
          out.printf(
              "  kind     object-detector, %dx%d, labels %s%n",
              objects.framing().width(), objects.framing().height(), objects.labels());
      case TextClassifierModel text ->
          out.printf("  kind     text-classifier, labels %s%n", text.labels());
      case RemoteModel remote ->
          out.printf(
              "  kind     remote, labels %s; its examples are asked when its server is reached%n",
              remote.labels());
      case TextModel text -> out.printf("  kind     text-embedding, %d numbers%n", text.size());
    }
    out.printf("  digest   %s%n", model.digest());
    out.printf("  licence  %s%n", model.card().licence());
    out.printf("  source   %s%n", model.card().source());
    out.printf("  card     %s%n", model.card().file());
  }

  /** {@code sallyport models list}. */
  @Command(
      name = "list",
      description = "Load every model of a folder, tell what it is and how long it takes.",
      mixinStandardHelpOptions = true)
  static final class ListModels implements Callable<Integer> {
    private static final Duration TIMED = Duration.ofMillis(300);

    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Where where;

    /** Which models. */
    static final class Where {
      @Option(
          names = "--config",
          paramLabel = "FILE",
          description = "The models that this configuration uses.")
      private @Nullable Path config;

      @Option(names = "--models", paramLabel = "DIR", description = "Every model in this folder.")
      private @Nullable Path models;
    }

    @Override
    public Integer call() throws IOException {
      try (OnnxRuntime runtime = OnnxRuntime.open();
          ModelStore store = store(runtime)) {
        for (Map.Entry<String, LoadedModel> entry : store.models().entrySet()) {
          PrintWriter out = spec.commandLine().getOut();
          print(out, entry.getKey(), entry.getValue());
          out.printf("  latency  %s%n", new ModelBench(entry.getValue(), TIMED).brief());
        }
      }
      return 0;
    }

    private ModelStore store(OnnxRuntime runtime) throws IOException {
      if (where.config != null) {
        GatewayConfig config = ServeCommand.read(where.config);
        return load(runtime, config.models(), Models.named(config));
      }
      Path dir = where.models == null ? Path.of("models") : where.models;
      if (!Files.isDirectory(dir)) {
        throw new UserException("not a folder: " + dir);
      }
      Set<String> names = new TreeSet<>(Set.of(ModelStore.MINILM));
      names.addAll(ModelStore.namesIn(dir));
      return load(runtime, dir, names);
    }
  }

  /** {@code sallyport models verify}. */
  @Command(
      name = "verify",
      description = "Check a model's card, digests and self-test.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "A model's folder, with model.yaml in it.")
    private Path folder;

    @Override
    public Integer call() {
      try (OnnxRuntime runtime = OnnxRuntime.open();
          ModelStore store = loadFolder(runtime, folder)) {
        PrintWriter out = spec.commandLine().getOut();
        store.models().forEach((name, model) -> print(out, name, model));
        boolean elsewhere =
            store.models().values().stream().anyMatch(RemoteModel.class::isInstance);
        out.println(
            elsewhere
                ? "verified: card and digests are right"
                : "verified: card, digests and self-test are right");
      }
      return 0;
    }
  }

  /** {@code sallyport models bench}. */
  @Command(
      name = "bench",
      description = "Time a model on this machine, one thread and all threads.",
      mixinStandardHelpOptions = true)
  static final class Bench implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "MODEL",
        description = "A model's folder, or all-minilm-l6-v2-int8 for the embedded sentence model.")
    private String model;

    @Option(
        names = "--seconds",
        defaultValue = "3",
        description = "Time per measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
      if (seconds < 1 || seconds > 60) {
        throw new ParameterException(spec.commandLine(), "--seconds is from 1 to 60");
      }
      try (OnnxRuntime runtime = OnnxRuntime.open();
          ModelStore store =
              model.equals(ModelStore.MINILM)
                  ? load(runtime, Path.of("."), Set.of(model))
                  : loadFolder(runtime, Path.of(model))) {
        for (LoadedModel loaded : store.models().values()) {
          if (store.models().size() > 1) {
            spec.commandLine().getOut().println(loaded.card().name());
          }
          new ModelBench(loaded, Duration.ofSeconds(seconds)).run(spec.commandLine().getOut());
          if (loaded instanceof ImageModel) {
            DecoderTable.print(spec.commandLine().getOut());
          }
        }
      }
      return 0;
    }
  }
}
