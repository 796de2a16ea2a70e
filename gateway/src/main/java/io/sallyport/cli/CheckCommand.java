package io.sallyport.cli;

import io.sallyport.Gateway;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport check}: tells every problem of config, policies and model cards at once. */
@Command(
    name = "check",
    description =
        "Tell every problem of the configuration, policies and models, with file and line.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The configuration file.")
  private Path file;

  @Override
  public Integer call() {
    Gateway.check(file).throwIfAny();
    spec.commandLine().getOut().println("no problems");
    return 0;
  }
}
