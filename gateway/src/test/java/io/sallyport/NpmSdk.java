package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An unmodified package of npm, installed once per build folder, and Node to run a script with it.
 */
public final class NpmSdk {
  /** What npm says when there is no way to the registry. */
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT"
              + "|ERR_SOCKET_TIMEOUT");

  private final String name;
  private final String version;
  private final String script;
  private final Path dir;

  /**
   * @param name of the package
   * @param folder below {@code target} to install it in, of its own
   * @param script a resource beside this class, run with the arguments URL and action; prints JSON
   */
  public NpmSdk(String name, String version, String folder, String script) {
    this.name = name;
    this.version = version;
    this.script = script;
    this.dir = Path.of("target", folder).toAbsolutePath();
  }

  /** Installs it; the calling test is skipped when Node, npm or the registry is not there. */
  public synchronized void install() throws Exception {
    Said node = run(List.of("node", "--version"));
    if (node.exit != 0 || !node.text.matches("v(2\\d|[3-9]\\d)\\..*\\s*")) {
      abort("skipped: Node 20 or later is not on this machine (" + node.text.strip() + ")");
    }
    Path done = dir.resolve("node_modules").resolve(name.replace('/', '-') + "-" + version);
    if (!Files.exists(done)) {
      Files.createDirectories(dir);
      fetch();
      Files.createFile(done);
    }
    try (InputStream in = Objects.requireNonNull(NpmSdk.class.getResourceAsStream(script))) {
      Files.copy(in, dir.resolve(script), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void fetch() throws Exception {
    Said npm =
        run(
            List.of(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
                dir.toString(),
                name + "@" + version));
    if (npm.exit == -1 || UNREACHABLE.matcher(npm.text).find()) {
      abort("skipped: npm, or a way to its registry, is not on this machine");
    }
    assertThat(npm.exit).as(npm.text).isZero();
  }

  /** Runs one action of the script against an address such as {@code http://127.0.0.1:8080}. */
  public JsonNode run(String url, String action) throws Exception {
    Said said = run(List.of("node", dir.resolve(script).toString(), url, action));
    assertThat(said.exit).as(said.text).isZero();
    return JsonMapper.shared().readTree(said.text);
  }

  private static Said run(List<String> command) throws Exception {
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
