package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class WordPieceTest {
  private static final String MODEL = "/all-minilm-l6-v2-q-tokenizer.json";
  private static final WordPiece TOKENIZER = embedded();

  static WordPiece embedded() {
    try (InputStream in = Objects.requireNonNull(WordPiece.class.getResourceAsStream(MODEL))) {
      return WordPiece.fromTokenizerJson(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void knowsTheSpecialTokensOfTheEmbeddedModel() {
    assertThat(TOKENIZER.padId()).isZero();
    assertThat(TOKENIZER.unkId()).isEqualTo(100);
    assertThat(TOKENIZER.clsId()).isEqualTo(101);
    assertThat(TOKENIZER.sepId()).isEqualTo(102);
    assertThat(TOKENIZER.size()).isEqualTo(30_522);
  }

  @Test
  void agreesWithTheModelsOwnTokenizerOnEveryGoldenVector() throws Exception {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (String line : Resources.lines("wordpiece-golden.jsonl")) {
      JsonNode golden = new ObjectMapper().readTree(line);
      if (golden.has("text")) {
        seen++;
        String text = golden.get("text").asString();
        long[] ids = ids(text.repeat(golden.path("times").asInt(1)));
        if (golden.has("ids")
            ? !expected(golden).equals(Arrays.toString(ids))
            : differs(golden, ids)) {
          wrong.add(golden + "\n  found " + (ids.length > 100 ? ids.length : Arrays.toString(ids)));
        }
      }
    }
    assertThat(seen).isGreaterThan(300);
    assertThat(wrong).isEmpty();
  }

  private static String expected(JsonNode golden) {
    return golden.get("ids").toString().replace(",", ", ");
  }

  private static boolean differs(JsonNode golden, long[] ids) throws Exception {
    StringBuilder joined = new StringBuilder();
    for (long id : ids) {
      joined.append(id).append(' ');
    }
    byte[] bytes = joined.toString().getBytes(StandardCharsets.US_ASCII);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    return ids.length != golden.get("count").asInt()
        || !sha256.equals(golden.get("sha256").asString());
  }

  private static long[] ids(String text) {
    return TOKENIZER.windows(text, 200_000, 0, 1).ids().getFirst();
  }

  @Test
  void readsSpecialTokensInATextAsPlainText() {
    assertThat(ids("[SEP]")).hasSize(5);
    assertThat(Arrays.stream(ids("a [SEP] b [PAD] c")).filter(id -> id == 102 || id == 0))
        .hasSize(1);
  }

  @Test
  void keepsCodePointsThatNoUnicodeTableKnows() {
    assertThat(ids("\u0378")).containsExactly(101, 100, 102);
  }

  @Test
  void stopsAtTheEndOfTheArray() {
    int[] ids = new int[5];
    assertThat(TOKENIZER.encode("a red bicycle ".repeat(2000), ids)).isEqualTo(5);
    assertThat(ids).doesNotContain(0);
    assertThat(TOKENIZER.encode("a red bicycle", ids)).isEqualTo(3);
    assertThat(TOKENIZER.encode("a red bicycle", new int[0])).isZero();
  }

  @Test
  void cutsAWordAtTheLimitWhereTheReferenceWould() {
    String text = "antidisestablishmentarianism zqxjkv";
    int[] whole = new int[64];
    int count = TOKENIZER.encode(text, whole);
    for (int limit = 1; limit < count; limit++) {
      int[] cut = new int[limit];
      assertThat(TOKENIZER.encode(text, cut)).isEqualTo(limit);
      assertThat(cut).isEqualTo(Arrays.copyOf(whole, limit));
    }
  }

  @Test
  void coversALongTextWithOverlappingWindows() {
    String text = "a red bicycle and a blue door ".repeat(30);
    int[] all = new int[1000];
    int count = TOKENIZER.encode(text, all);
    WordPiece.Windows windows = TOKENIZER.windows(text, 32, 10, 100);

    assertThat(windows.complete()).isTrue();
    int at = 0;
    for (long[] window : windows.ids()) {
      assertThat(window.length).isBetween(3, 32);
      assertThat(window[0]).isEqualTo(101);
      assertThat(window[window.length - 1]).isEqualTo(102);
      for (int i = 1; i < window.length - 1; i++) {
        assertThat(window[i]).isEqualTo(all[at + i - 1]);
      }
      if (at + window.length - 2 == count) {
        at = count;
      } else {
        at += 20;
      }
    }
    assertThat(at).isEqualTo(count);
  }

  @Test
  void saysWhenTheWindowsDoNotReachTheEnd() {
    assertThat(TOKENIZER.windows("a ".repeat(30), 12, 0, 3).complete()).isTrue();
    assertThat(TOKENIZER.windows("a ".repeat(30), 12, 0, 3).ids()).hasSize(3);
    assertThat(TOKENIZER.windows("a ".repeat(31), 12, 0, 3).complete()).isFalse();
    assertThat(TOKENIZER.windows("a ".repeat(31), 12, 0, 3).ids()).hasSize(3);
    assertThat(TOKENIZER.windows("a ".repeat(32_000), 128, 16, 4).complete()).isFalse();
  }

  @Test
  void givesOneEmptyWindowForAnEmptyText() {
    assertThat(TOKENIZER.windows(" ", 8, 2, 4).ids()).containsExactly(new long[] {101, 102});
  }

  @Test
  void refusesWindowsThatCannotAdvance() {
    assertThatIllegalArgumentException().isThrownBy(() -> TOKENIZER.windows("a", 8, 6, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> TOKENIZER.windows("a", 2, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> TOKENIZER.windows("a", 8, 0, 0));
  }

  @Test
  void neverFailsAndNeverLeavesTheVocabulary() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 400; round++) {
      String text = RandomText.of(random, random.nextInt(200));
      int[] ids = new int[4 * text.length() + 1];
      int count = TOKENIZER.encode(text, ids);
      assertThat(count).as("seed %d", seed).isLessThan(ids.length);
      assertThat(Arrays.stream(ids, 0, count)).allMatch(id -> id >= 0 && id < TOKENIZER.size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"model\":",
        "{\"normalizer\":null}",
        "{\"normalizer\":{\"type\":\"BertNormalizer\",\"lowercase\":false}}",
        "{\"normalizer\":{\"type\":\"BertNormalizer\",\"strip_accents\":false}}",
        "{\"model\":{\"type\":\"BPE\"}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":-1}}}",
        "{\"model\":{\"vocab\":{\"a\":\"1\"}}}",
        "{\"model\":{\"vocab\":{\"a\":1,\"a\":2}}}",
        "{\"model\":{\"max_input_chars_per_word\":1000000000}}",
        "{\"normalizer\":{\"type\":\"BertNormalizer\"},\"model\":{\"vocab\":{\"a\":0}}}"
      })
  void refusesWhatIsNotAnUncasedBertTokenizer(String json) {
    assertThatThrownBy(
            () ->
                WordPiece.fromTokenizerJson(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("tokenizer.json: ");
  }
}
