package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64PeekTest {
  private static boolean mayBeText(String run) {
    return Base64Peek.mayBeText(run, 0, run.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a zeppelin", "Цеппелин", "飞艇", "🚲 velo", "ab", "x"})
  void whatIsTextMayBeText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(mayBeText(Base64.getEncoder().encodeToString(bytes))).isTrue();
    assertThat(mayBeText(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lighthouse", "watercolour", "composition", "reflections"})
  void ordinaryWordsAreNot(String word) {
    assertThat(mayBeText(word)).isFalse();
  }

  /** A no is final: every run that it holds back would have failed the gate behind it. */
  @Test
  void saysNoOnlyToWhatIsNoPrintableText() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[random.nextInt(1, 10)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] &= 0x7F;
        }
      }
      String run = Base64.getEncoder().encodeToString(bytes);
      if (!mayBeText(run)) {
        refused++;
        String text = new String(bytes, StandardCharsets.UTF_8);
        assertThat(text.codePoints().allMatch(Blobs::isPrintable))
            .as("seed %d: %s", seed, run)
            .isFalse();
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
