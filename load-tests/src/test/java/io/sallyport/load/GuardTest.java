package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardTest {
  private static final Map<Guard, String[]> DETECTORS =
      Map.of(
          Guard.NOTHING,
          new String[] {},
          Guard.PROMPT,
          new String[] {"prompt-terms", "prompt-concepts"},
          Guard.PROMPT_AND_IMAGE,
          new String[] {"prompt-terms", "prompt-concepts", "image-nsfw"},
          Guard.SWAP,
          new String[] {"prompt-terms", "image-magenta"});

  @ParameterizedTest
  @EnumSource
  void theGatewayReadsTheConfigurationOfEveryGuard(Guard guard, @TempDir Path folder)
      throws Exception {
    Problems problems = new Problems();
    Path root = Path.of("..").toRealPath();
    Path file = guard.write(folder.resolve("g"), root, 1001, 1002, 1003);
    GatewayConfig config = ConfigLoader.read(file, problems).orElseThrow();
    assertThat(problems.list()).isEmpty();
    assertThat(config.detectors()).containsOnlyKeys(DETECTORS.get(guard));
    assertThat(config.listen().port()).isEqualTo(1001);
    assertThat(config.upstream().url()).hasToString("http://127.0.0.1:1003");
    assertThat(config.policies().dir()).isEqualTo(folder.resolve("g/policies"));
  }
}
