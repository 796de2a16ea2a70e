package io.sallyport.policy;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyFuzzTest {
  static Stream<Arguments> seeds() {
    return Stream.of(
            """
            policy: p
            detectors: [words, colours]
            unavailable: {words: {timeout: flag}, otherwise: block}
            rules:
              - {id: a, stage: [prompt], category: hate, verdict: block, floor: true,
                 when: {all: [{score: {label: dog, at_least: 0.5}}, {unavailable: words}]}}
            """,
            "policy: p\nextends: p\n",
            "policy: [p]\nrules: {a: 1}\nunavailable: [1]\n",
            "policy: p\ndetectors: [x]\nrules: [{when: {any: [{match: {bank: b}}]}}]\n")
        .map(text -> arguments((Object) text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * A policy file of any bytes loads, or is refused with problems; and what loads can be reloaded.
   */
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyBytesLoadOrAreRefusedWithProblems(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("policies");
    Path file = folder.resolve("p.yaml");
    try {
      Files.write(file, bytes);
      PolicyBook book = PolicyLoader.load(folder, Folder.CATALOGUE);
      Policy policy = book.get(book.names().first()).orElseThrow();
      Files.writeString(file, CanonicalForm.of(policy));
      Policy again = PolicyLoader.load(folder, Folder.CATALOGUE).get(policy.name()).orElseThrow();
      if (!again.digest().equals(policy.digest())) {
        throw new AssertionError("another digest: " + CanonicalForm.of(policy));
      }
    } catch (InvalidFileException e) {
      if (e.problems().isEmpty()) {
        throw new AssertionError("refused without a problem");
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
