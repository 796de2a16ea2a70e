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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Unmodified packages of npm, installed once per build folder, and a script that uses them in Node.
 */
public final class NpmPackages {
  /** What npm says when there is no way to the registry. */
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT"
              + "|ERR_SOCKET_TIMEOUT");

  private final Path dir;
  private final Path script;

  private NpmPackages(Path dir, Path script) {
    this.dir = dir;
    this.script = script;
  }

  /**
   * Installs them; the calling test is skipped when Node, npm or the registry is not there.
   *
   * @param test beside whose class the script stands
   * @param packages {@code NAME@VERSION} each
   */
  public static synchronized NpmPackages install(Class<?> test, String script, String... packages)
      throws Exception {
    Said node = said(List.of("node", "--version"));
    if (node.exit != 0 || !node.text.matches("v(2\\d|[3-9]\\d)\\..*\\s*")) {
      abort("skipped: Node 20 or later is not on this machine (" + node.text.strip() + ")");
    }
    String name = script.replace(".mjs", "");
    Path dir = Path.of("target", "npm", name).toAbsolutePath();
    NpmPackages installed = new NpmPackages(dir, dir.resolve(script));
    Path done = dir.resolve(String.join("_", packages).replaceAll("[^A-Za-z0-9.@_-]", "-"));
    if (!Files.exists(done)) {
      Files.createDirectories(dir);
      installed.fetch(packages);
      Files.createFile(done);
    }
    try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(script))) {
      Files.copy(in, installed.script, StandardCopyOption.REPLACE_EXISTING);
    }
    return installed;
  }

  private void fetch(String... packages) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"));
    command.add(dir.toString());
    command.addAll(List.of(packages));
    Said npm = said(command);
    if (npm.exit == -1 || UNREACHABLE.matcher(npm.text).find()) {
      abort("skipped: npm, or a way to its registry, is not on this machine");
    }
    assertThat(npm.exit).as(npm.text).isZero();
  }

  /**
   * Runs the script.
   *
   * @return the JSON that it printed
   */
  public JsonNode run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", script.toString()));
    command.addAll(List.of(arguments));
    Said said = said(command);
    assertThat(said.exit).as(said.text).isZero();
    return JsonMapper.shared().readTree(said.text);
  }

  private static Said said(List<String> command) throws Exception {
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
