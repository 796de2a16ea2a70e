package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.onnx.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;

/** Foreign text and foreign files: nothing undeclared is thrown, nothing leaves its bounds. */
class TokenizerFuzzTest {
  private static final Tokenizer UNCASED = WordPieceTest.embedded();
  private static final Tokenizer CASED = Goldens.open("bert-cased");
  private static final Tokenizer BYTES = Goldens.open("roberta-prefix");
  private static final Tokenizer UNIGRAM = Goldens.open("xlm-roberta");
  private static final Tokenizer ALBERT = Goldens.open("albert");

  @FuzzTest
  void wordPieces(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    holds(UNCASED, text, 30_522);
    holds(CASED, text, 2_000);
  }

  @FuzzTest
  void bytePairs(FuzzedDataProvider data) {
    holds(BYTES, data.consumeRemainingAsString(), 2_000);
  }

  @FuzzTest
  void unigrams(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    holds(UNIGRAM, text, 2_000);
    holds(ALBERT, text, 2_000);
  }

  private static void holds(Tokenizer tokenizer, String text, int size) {
    int[] ids = new int[4 * text.length() + 4];
    int count = tokenizer.encode(text, ids);
    assertThat(Arrays.stream(ids, 0, count)).allMatch(id -> id >= 0 && id < size);
    int[] few = new int[3];
    assertThat(tokenizer.encode(text, few)).isEqualTo(Math.min(3, count));
  }

  @FuzzTest
  void characterMapsAreReadOrRefused(FuzzedDataProvider data) {
    byte[] map = data.consumeBytes(2_000);
    try {
      CharacterMap.of(Base64.getEncoder().encodeToString(map))
          .apply(data.consumeRemainingAsString());
    } catch (IOException refused) {
      assertThat(refused).hasMessageStartingWith("tokenizer.json: ");
    }
  }

  @FuzzTest
  void tokenizersAreReadOrRefused(byte[] bytes) {
    try {
      Tokenizer read = Tokenizers.open(new ByteArrayInputStream(bytes));
      assertThat(read.encode("a zeppelin", new int[20])).isBetween(0, 20);
    } catch (IOException refused) {
      assertThat(refused).hasMessageStartingWith("tokenizer.json: ");
    }
  }
}
