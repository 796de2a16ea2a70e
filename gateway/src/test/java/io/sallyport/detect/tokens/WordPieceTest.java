package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.text.RandomText;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class WordPieceTest {
  private static final String MODEL = "/all-minilm-l6-v2-q-tokenizer.json";
  private static final Tokenizer TOKENIZER = embedded();

  static Tokenizer embedded() {
    try (InputStream in = Objects.requireNonNull(WordPiece.class.getResourceAsStream(MODEL))) {
      return Tokenizers.open(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void knowsTheSpecialTokensOfTheEmbeddedModel() {
    assertThat(TOKENIZER.clsId()).isEqualTo(101);
    assertThat(TOKENIZER.sepId()).isEqualTo(102);
    assertThat(TOKENIZER).hasToString("WordPiece, uncased, without accents, 30522 tokens");
  }

  /** Room for words is used again: 200 bytes are for the run itself. */
  @Test
  void aWarmTextTakesNoNewRoomForItsWords() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int[] ids = new int[64];
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      TOKENIZER.encode("a lighthouse on a rocky coast at dawn, soft light", ids);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(200);
  }

  @Test
  void agreesWithTheModelsOwnTokenizerOnEveryGoldenVector() throws Exception {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (String line : Goldens.answers("wordpiece-golden.jsonl")) {
      JsonNode golden = new ObjectMapper().readTree(line);
      if (golden.has("text")) {
        seen++;
        String text = golden.get("text").asString();
        int[] ids = ids(text.repeat(golden.path("times").asInt(1)));
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

  private static boolean differs(JsonNode golden, int[] ids) throws Exception {
    StringBuilder joined = new StringBuilder();
    for (int id : ids) {
      joined.append(id).append(' ');
    }
    byte[] bytes = joined.toString().getBytes(StandardCharsets.US_ASCII);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    return ids.length != golden.get("count").asInt()
        || !sha256.equals(golden.get("sha256").asString());
  }

  private static int[] ids(String text) {
    return Goldens.ids(TOKENIZER, text);
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
  void neverFailsAndNeverLeavesTheVocabulary() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 400; round++) {
      String text = RandomText.of(random, random.nextInt(200));
      int[] ids = new int[4 * text.length() + 1];
      int count = TOKENIZER.encode(text, ids);
      assertThat(count).as("seed %d", seed).isLessThan(ids.length);
      assertThat(Arrays.stream(ids, 0, count)).allMatch(id -> id >= 0 && id < 30_522);
    }
  }
}
