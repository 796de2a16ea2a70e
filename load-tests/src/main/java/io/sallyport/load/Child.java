package io.sallyport.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of a load test; everything it prints goes to a file. Ends with its parent. */
final class Child implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final Thread reaper;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.reaper = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /**
   * @param pin arguments before the command, see {@link Cores}
   * @param environment added to this process's own
   */
  static Child start(
      List<String> pin, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    List<String> all = new ArrayList<>(pin);
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Child(builder.start(), log);
  }

  /** A main class on this process's class path. */
  static List<String> java(List<String> options, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dlogback.configurationFile=load-tests-logback.xml");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the process listens on a port of the loopback address. */
  Child awaitPort(int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        close();
        throw new IOException("nothing listens on port " + port + "; see " + log);
      }
      Thread.sleep(50);
    }
    return this;
  }

  /** Waits for the end. */
  void awaitExit(int seconds) throws IOException, InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("failed or late; see " + log);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    Runtime.getRuntime().removeShutdownHook(reaper);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
