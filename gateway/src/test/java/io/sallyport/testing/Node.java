package io.sallyport.testing;

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

/** Scripts that run in Node without any package; a test that needs one is skipped without Node. */
public final class Node {
  /** What a script exits with that wants a later Node. */
  private static final int TOO_OLD = 86;

  private Node() {}

  /**
   * Runs a script that stands beside a test.
   *
   * @param dir where the script and its input are written
   * @param script the name of a resource
   * @param action its first argument
   * @param input what the file of its second argument holds
   * @return what it printed
   */
  public static String run(Path dir, Class<?> test, String script, String action, String input)
      throws Exception {
    Path copy = dir.resolve(script);
    try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(script))) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    Path given = Files.writeString(dir.resolve(action + ".json"), input);
    Path said = dir.resolve(action + ".out");
    Process process;
    try {
      process =
          new ProcessBuilder(List.of("node", copy.toString(), action, given.toString()))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException e) {
      return abort("skipped: Node is not on this machine");
    }
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("Node ends").isTrue();
    String text = Files.readString(said, StandardCharsets.UTF_8);
    if (process.exitValue() == TOO_OLD) {
      abort("skipped: Node is too old on this machine");
    }
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
