package io.sallyport.detect.onnx.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command {@code npm pack}, run as a process: gets one published package as its tarball.
 *
 * <p>npm's own configuration says which registry; nothing of ours does. No script of the package
 * runs. What npm prints goes to a file beside the tarball, because it can name hosts and users; of
 * it only the error code is ever shown.
 */
final class NpmPack {
  private static final Pattern ERROR_CODE =
      Pattern.compile("^npm (?:error|ERR!) code (\\w{1,40})$", Pattern.MULTILINE);
  private static final int MAX_LOG = 1 << 16;

  private final List<String> npm;
  private final Duration timeout;

  /**
   * Names the command.
   *
   * @param npm the command and its first arguments, usually {@code npm} alone
   * @param timeout after which the process and its children are killed
   */
  NpmPack(List<String> npm, Duration timeout) {
    this.npm = List.copyOf(npm);
    this.timeout = timeout;
  }

  /**
   * Gets a package.
   *
   * @param spec a name and an exact version, {@code name@1.2.3}, of a package without a scope
   * @param folder an existing folder, where the tarball and {@code npm.log} are written
   * @return the tarball
   * @throws FetchException when there is no tarball in the end, with the reason
   */
  Path fetch(String spec, Path folder) throws IOException {
    Path log = folder.resolve("npm.log");
    int exit = run(spec, folder, log);
    if (exit != 0) {
      throw failed(spec, exit, log);
    }
    Path tarball = folder.resolve(spec.replace('@', '-') + ".tgz");
    if (!Files.isRegularFile(tarball)) {
      throw new FetchException(
          FetchException.Reason.REFUSED, "npm pack " + spec + " left no " + tarball.getFileName());
    }
    return tarball;
  }

  private int run(String spec, Path folder, Path log) throws IOException {
    Process process = start(spec, folder, log);
    try {
      if (process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        return process.exitValue();
      }
      throw new FetchException(
          FetchException.Reason.UNREACHABLE,
          "npm pack " + spec + " did not finish within " + timeout.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException(FetchException.Reason.REFUSED, "npm pack was interrupted");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(String spec, Path folder, Path log) throws IOException {
    List<String> command = new ArrayList<>(npm);
    // Not --silent: that hides the error code, which tells a missing network from a missing
    // package.
    command.addAll(List.of("pack", spec, "--loglevel=error", "--ignore-scripts"));
    command.addAll(List.of("--pack-destination", folder.toAbsolutePath().toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new FetchException(
          FetchException.Reason.NO_NPM,
          "cannot run " + npm.getFirst() + ": install Node.js with npm and try again");
    }
  }

  private static FetchException failed(String spec, int exit, Path log) throws IOException {
    String text;
    try (var stream = Files.newInputStream(log)) {
      text = new String(stream.readNBytes(MAX_LOG), StandardCharsets.ISO_8859_1);
    }
    Matcher matcher = ERROR_CODE.matcher(text);
    String code = matcher.find() ? matcher.group(1) : "exit " + exit;
    return new FetchException(
        FetchException.reasonOf(code),
        "npm failed (" + code + "); 'npm pack " + spec + "' shows its own words");
  }
}
