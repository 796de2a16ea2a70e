package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.onnx.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Foreign text and foreign files: nothing undeclared is thrown, nothing leaves its bounds. */
class TokenizerFuzzTest {
  private static final Tokenizer UNCASED = WordPieceTest.embedded();
  private static final Tokenizer CASED = Goldens.open("bert-cased");
  private static final Tokenizer BYTES = Goldens.open("roberta-prefix");
  private static final Tokenizer UNIGRAM = Goldens.open("xlm-roberta");
  private static final Tokenizer ALBERT = Goldens.open("albert");
  private static final Tokenizer CLIP = Goldens.open("clip");
  private static final Tokenizer LLAMA = Goldens.open("llama-first");
  private static final Tokenizer GEMMA = Goldens.open("gemma");
  private static final Tokenizer BYTE_PIECES = Goldens.open("unigram-bytes");

  @FuzzTest
  void wordPieces(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    holds(UNCASED, text, 30_522);
    holds(CASED, text, 2_000);
  }

  @FuzzTest
  void bytePairs(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    holds(BYTES, text, 2_000);
    holds(CLIP, text, 2_000);
    holds(LLAMA, text, 2_000);
    holds(GEMMA, text, 2_000);
  }

  @FuzzTest
  void unigrams(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    holds(UNIGRAM, text, 2_000);
    holds(ALBERT, text, 2_000);
    holds(BYTE_PIECES, text, 2_000);
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
      for (String text :
          List.of("a zeppelin", "it's 12\u20ac \ud83d\ude80\ud83d\ude80", "\u2581 -a\ud83d")) {
        assertThat(read.encode(text, new int[20])).isBetween(0, 20);
      }
    } catch (IOException refused) {
      assertThat(refused).hasMessageStartingWith("tokenizer.json: ");
    }
  }
}
