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
 * The unmodified npm package {@code openai}, installed once per build folder, and Node to run it.
 */
public final class OpenAiSdk {
  private static final String VERSION = "7.57.0";
  private static final Path DIR = Path.of("target", "sdk").toAbsolutePath();
  private static final String SCRIPT = "openai-sdk.mjs";

  /** What npm says when there is no way to the registry. */
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT"
              + "|ERR_SOCKET_TIMEOUT");

  private OpenAiSdk() {}

  /** Installs it; the calling test is skipped when Node, npm or the registry is not there. */
  public static synchronized void install() throws Exception {
    Said node = run(List.of("node", "--version"));
    if (node.exit != 0 || !node.text.matches("v(2\\d|[3-9]\\d)\\..*\\s*")) {
      abort("skipped: Node 20 or later is not on this machine (" + node.text.strip() + ")");
    }
    if (!Files.exists(DIR.resolve("node_modules/openai-" + VERSION))) {
      Files.createDirectories(DIR);
      fetch();
      Files.createFile(DIR.resolve("node_modules/openai-" + VERSION));
    }
    try (InputStream in = Objects.requireNonNull(OpenAiSdk.class.getResourceAsStream(SCRIPT))) {
      Files.copy(in, DIR.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void fetch() throws Exception {
    Said npm =
        run(
            List.of(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
                DIR.toString(),
                "openai@" + VERSION));
    if (npm.exit == -1 || UNREACHABLE.matcher(npm.text).find()) {
      abort("skipped: npm, or a way to its registry, is not on this machine");
    }
    assertThat(npm.exit).as(npm.text).isZero();
  }

  /** Runs one action of the script against a gateway; what it printed. */
  static JsonNode run(RealGateway gateway, String action) throws Exception {
    return run(gateway.url(), action);
  }

  /** The same against any address, such as {@code http://127.0.0.1:8080}. */
  public static JsonNode run(String url, String action) throws Exception {
    Said said = run(List.of("node", DIR.resolve(SCRIPT).toString(), url, action));
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
