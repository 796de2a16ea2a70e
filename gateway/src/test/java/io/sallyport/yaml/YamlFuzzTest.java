package io.sallyport.yaml;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlFuzzTest {
  static Stream<Arguments> seeds() {
    return Stream.of(
            "a: [1, 2.5, {b: true}]\n",
            "a: &x [*x]\n",
            "!!map {a: 64KiB, b: 2s}\n",
            "? [a]\n: |\n  x\n--- 2\n",
            "[[[[{a: \"\\u0041\"}]]]]")
        .map(text -> arguments((Object) text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Foreign bytes give a value or a problem; nothing is thrown, whatever is read from it. */
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreAValueOrAProblem(byte[] bytes) {
    Yaml yaml = new Yaml(bytes);
    if (yaml.root.isEmpty() && yaml.problems.isEmpty()) {
      throw new AssertionError("neither value nor problem");
    }
    yaml.root.ifPresent(YamlFuzzTest::readAll);
  }

  private static void readAll(YamlValue value) {
    value.asPlain();
    value.asListOrOne().forEach(item -> item.asBytes(0, 1 << 20));
    value.asMap().forEach((key, item) -> readAll(item));
    value.asDuration(Duration.ZERO, Duration.ofDays(1));
    value.asDouble(0, 1);
  }
}
