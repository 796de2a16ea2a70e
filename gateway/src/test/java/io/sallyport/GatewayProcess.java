package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command {@code sallyport} in a process of its own, which can be killed. */
final class GatewayProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("ready: proxy http://[^:]+:(\\d+) admin http://[^:]+:(\\d+) upstream (\\S+)");

  private final Process process;
  private final Path err;
  private final List<String> out = new ArrayList<>();
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile Matcher ready;

  private GatewayProcess(Path dir, List<String> options, List<String> arguments)
      throws IOException {
    err = dir.resolve("stderr.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.sallyport.cli.Main");
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    Thread.ofPlatform().daemon().name("gateway-stdout").start(this::read);
  }

  /** Starts {@code serve} and waits until it is ready. */
  static GatewayProcess serve(Path config) throws Exception {
    Path dir = config.toAbsolutePath().getParent();
    return start(dir, List.of("-Xmx384m"), List.of("serve", "--config", config.toString()));
  }

  /**
   * Starts a command that serves, and waits until it is ready.
   *
   * @param dir where its log goes
   */
  static GatewayProcess start(Path dir, List<String> options, List<String> arguments)
      throws Exception {
    GatewayProcess started = new GatewayProcess(dir, options, arguments);
    assertThat(started.settled.await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(started.ready).as("the ready line; stderr: %s", started.err()).isNotNull();
    return started;
  }

  int port() {
    return Integer.parseInt(ready.group(1));
  }

  String url() {
    return "http://127.0.0.1:" + ready.group(1);
  }

  String adminUrl() {
    return "http://127.0.0.1:" + ready.group(2);
  }

  String upstreamUrl() {
    return ready.group(3);
  }

  /** What it has printed. */
  List<String> out() {
    synchronized (out) {
      return List.copyOf(out);
    }
  }

  /** Its log. */
  String err() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  /** Ends it as a crash would (SIGKILL), and waits for that. */
  void kill() {
    process.destroyForcibly().onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }

  /** Asks it to stop (SIGTERM); does not wait. */
  void terminate() {
    process.destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (out) {
          out.add(line);
        }
        Matcher matcher = READY.matcher(line);
        if (matcher.matches()) {
          ready = matcher;
          settled.countDown();
        }
      }
    } catch (IOException e) {
      // It ended.
    } finally {
      settled.countDown();
    }
  }
}
