package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByteSearchTest {

  /** Two letters only, so that everything almost matches everywhere. */
  @Test
  void findsWhatAPlainSearchFinds() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      String sought = letters(random, 1 + random.nextInt(6));
      String text = letters(random, random.nextInt(40));
      int from = random.nextInt(text.length() + 1);
      int end = from + random.nextInt(text.length() - from + 1);
      int expected = text.substring(0, end).indexOf(sought, from);
      assertThat(new ByteSearch(bytes(sought)).find(bytes(text), from, end))
          .as("'%s' in '%s' from %d to %d", sought, text, from, end)
          .isEqualTo(expected);
    }
  }

  @Test
  void knowsEveryByteValue() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    for (int i = 0; i < all.length; i++) {
      assertThat(new ByteSearch(new byte[] {(byte) i}).find(all, 0, all.length)).isEqualTo(i);
    }
  }

  private static String letters(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(random.nextBoolean() ? 'a' : '-');
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
