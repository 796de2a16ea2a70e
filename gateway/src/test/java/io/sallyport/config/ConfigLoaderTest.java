package io.sallyport.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a configuration may not say; keys, defaults and bounds are held against README.md elsewhere.
 */
class ConfigLoaderTest {
  private static final String MINIMAL =
      "upstream: {url: \"http://127.0.0.1:7070\"}\npolicies: {dir: policies}\n";

  @TempDir Path dir;

  private List<String> problems(String yaml) throws Exception {
    Path file = dir.resolve("sallyport.yaml");
    Files.writeString(file, yaml);
    Problems problems = new Problems();
    ConfigLoader.read(file, problems);
    return problems.list().stream().map(Problem::message).toList();
  }

  @Test
  void takesTheLeastThatMustBeSaid() throws Exception {
    assertThat(problems(MINIMAL)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen: {tls: {certificate: junk.pem, key: junk.pem}}   | not a PEM file of certificates",
        "listen: {tls: {certificate: junk.pem, key: junk.pem}}   | not a PEM file with an"
            + " unencrypted",
        "listen: {tls: {certificate: none.pem, key: junk.pem}}   | no such file",
        "detectors: {a: {kind: magic}}                           | kind must be",
        "detectors: {A: {kind: lexicon, file: junk.pem}}         | a detector's name is",
        "detectors: {a: {kind: concepts, model: ../x, file: junk.pem}} | a model's name",
        "limits: {request: 100MiB, buffered: 1MiB}               | limits.buffered must be at"
            + " least",
        "limits: {buffered: 900GiB}                              | three quarters of the heap",
        "callers: {keys: [{name: a, key_sha256: abc}]}           | a SHA-256 as 64",
        "callers: {header: X-Key}                                | a header's name in lower case",
        "lane: {circuit: {window: 4, failures: 5}}               | failures must be at most window",
        "lane: {circuit: {delay: 2s, delay_max: 1s}}             | delay must be at most delay_max",
        "lane: {circuit: {delay: 0s}}                            | lane.circuit.delay: expected",
        "lane: {circuit: {wait: 1s}}                             | lane.circuit.wait: unknown key",
        "native_codecs: {png: always}                            | expected one of auto, off,"
            + " trust",
        "native_codecs: {gif: auto}                              | unknown key",
        "unheard: of                                             | unknown key",
      })
  void tellsWhatIsWrong(String line, String message) throws Exception {
    Files.writeString(dir.resolve("junk.pem"), "junk");
    assertThat(problems(MINIMAL + line + "\n")).anyMatch(told -> told.contains(message));
  }

  @Test
  void twoCallersWithOneKeyAreAProblem() throws Exception {
    String key = "a".repeat(64);
    assertThat(
            problems(
                MINIMAL
                    + "callers: {keys: [{name: a, key_sha256: %1$s}, {name: b, key_sha256: %1$s}]}\n"
                        .formatted(key)))
        .anyMatch(told -> told.contains("another caller has this key"));
  }

  @Test
  void aCredentialIsNeverPrinted() throws Exception {
    Files.writeString(dir.resolve("secret"), "Bearer canary\n");
    Path file = dir.resolve("sallyport.yaml");
    Files.writeString(
        file,
        "upstream: {url: \"http://127.0.0.1:7070\", credential_file: secret}\n"
            + "policies: {dir: p}\n");
    GatewayConfig config = ConfigLoader.read(file, new Problems()).orElseThrow();
    assertThat(config.upstream().credential()).hasValue(new Secret("Bearer canary"));
    assertThat(config.toString()).doesNotContain("canary");
  }
}
