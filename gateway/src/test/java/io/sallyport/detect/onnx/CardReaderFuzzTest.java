package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CardReaderFuzzTest {

  /** Whatever the bytes: a card, or problems that say why not. */
  @FuzzTest
  void givesACardOrProblems(byte[] bytes) {
    Problems problems = new Problems();
    Optional<ModelCard> card = CardReader.read("model.yaml", bytes, problems);

    assertThat(card.isPresent()).isEqualTo(problems.isEmpty());
    card.ifPresent(
        read -> {
          assertThat(read.files().keySet()).allMatch(Bundle::isInside);
          assertThat(read.files().isEmpty() && !(read.kind() instanceof Kind.Remote)).isFalse();
        });
  }

  /** Pieces of good cards cut out, doubled and swapped reach deeper than random bytes do. */
  @Test
  void givesACardOrProblemsForShuffledCards() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int good = 0;
    for (int round = 0; round < 3000; round++) {
      StringBuilder card =
          new StringBuilder(
              switch (random.nextInt(7)) {
                case 0 -> Folders.imageCard(new byte[0]);
                case 1 -> Folders.textCard(new byte[0], new byte[0]);
                case 2 -> Folders.embeddingCard(new byte[0]);
                case 3 -> Folders.headCard(new byte[0]);
                case 4 -> Folders.objectCard(new byte[0]);
                case 5 -> Folders.REMOTE_CARD;
                default -> CardReaderTest.CALIBRATED;
              });
      for (int change = random.nextInt(4); change > 0; change--) {
        mutate(card, random);
      }
      byte[] bytes = card.toString().getBytes(StandardCharsets.UTF_8);
      try {
        givesACardOrProblems(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + card, e);
      }
      good += CardReader.read("m", bytes, new Problems()).isPresent() ? 1 : 0;
    }
    assertThat(good).as("seed %d", seed).isBetween(100, 2900);
  }

  private static void mutate(StringBuilder card, SplittableRandom random) {
    int from = random.nextInt(card.length());
    int to = Math.min(card.length(), from + 1 + random.nextInt(12));
    String piece = card.substring(from, to);
    switch (random.nextInt(4)) {
      case 0 -> card.delete(from, to);
      case 1 -> card.insert(random.nextInt(card.length()), piece);
      case 2 -> card.insert(from, "-9e99 [~ {&".charAt(random.nextInt(11)));
      default -> card.replace(from, to, new StringBuilder(piece).reverse().toString());
    }
  }
}
