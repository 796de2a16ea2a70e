package io.sallyport.cli;

import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport serve}: runs the gateway until it is told to stop. */
@Command(name = "serve", description = "Run the gateway.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The configuration file.")
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    GatewayConfig config = read(file);
    Running running = Running.start(file.toString(), config);
    spec.commandLine()
        .getOut()
        .printf(
            "ready: proxy %s admin %s upstream %s%n",
            running.proxyUrl(), running.adminUrl(), config.upstream().url());
    running.untilStopped();
    return 0;
  }

  /** Reads a configuration file, or throws with every problem in it. */
  static GatewayConfig read(Path file) {
    Problems problems = new Problems();
    var config = ConfigLoader.read(file, problems);
    problems.throwIfAny();
    return config.orElseThrow();
  }
}
