package io.sallyport.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A script that runs in Node with unmodified packages of npm, installed once per build folder. */
public final class NpmScript {
  /** What npm says when there is no way to the registry. */
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT"
              + "|ERR_SOCKET_TIMEOUT");

  private final Path script;

  private NpmScript(Path script) {
    this.script = script;
  }

  /**
   * Installs packages; the calling test is skipped when Node, npm or the registry is not there.
   *
   * @param folder below {@code target}
   * @param script the name of a resource beside {@code test}
   * @param packages each with its version
   */
  public static synchronized NpmScript install(
      String folder, Class<?> test, String script, List<String> packages) throws Exception {
    Said node = call(List.of("node", "--version"));
    if (node.exit != 0 || !node.text.matches("v(2\\d|[3-9]\\d)\\..*\\s*")) {
      abort("skipped: Node 20 or later is not on this machine (" + node.text.strip() + ")");
    }
    Path dir = Files.createDirectories(Path.of("target", folder).toAbsolutePath());
    Path done = dir.resolve("installed");
    String wanted = String.join("\n", packages);
    if (!Files.exists(done) || !Files.readString(done).equals(wanted)) {
      fetch(dir, packages);
      Files.writeString(done, wanted);
    }
    Path copy = dir.resolve(script);
    try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(script))) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return new NpmScript(copy);
  }

  private static void fetch(Path dir, List<String> packages) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
                dir.toString()));
    command.addAll(packages);
    Said npm = call(command);
    if (npm.exit == -1 || UNREACHABLE.matcher(npm.text).find()) {
      abort("skipped: npm, or a way to its registry, is not on this machine");
    }
    assertThat(npm.exit).as(npm.text).isZero();
  }

  /** What the script printed, which must end well. */
  public String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", script.toString()));
    command.addAll(List.of(arguments));
    Said said = call(command);
    assertThat(said.exit).as(said.text).isZero();
    return said.text;
  }

  private static Said call(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("NO_PROXY", "127.0.0.1");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Said(-1, "no such command: " + command.getFirst());
    }
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Said(process.exitValue(), text);
  }

  private record Said(int exit, String text) {}
}
