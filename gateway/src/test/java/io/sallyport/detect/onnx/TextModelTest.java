package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window holds 8 tokens, 6 of them text; windows start 4 apart; token i's vector is (1, i). */
class TextModelTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final byte[] TOKENS = "tokens".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path models;
  private final List<ModelStore> stores = new ArrayList<>();

  @AfterEach
  void closeTheStores() {
    stores.forEach(ModelStore::close);
  }

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void readsAShortTextThroughOneWindow() throws Exception {
    TextModel model = load("", "");

    assertThat(ids(model.windows("", 9))).containsExactly(List.of(0, 0));
    assertThat(ids(model.windows("bcdefg", 9))).containsExactly(List.of(0, 1, 2, 3, 4, 5, 6, 0));
  }

  @Test
  void readsALongTextThroughWindowsThatOverlapAndAFullLastOne() throws Exception {
    assertThat(ids(load("", "").windows("bcdefghij", 9)))
        .containsExactly(List.of(0, 1, 2, 3, 4, 5, 6, 0), List.of(0, 4, 5, 6, 7, 8, 9, 0));
  }

  @Test
  void leavesNoTokenOutWhateverTheLength() throws Exception {
    TextModel model = load("", "");
    for (int length = 0; length < 40; length++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append((char) ('b' + i));
      }
      Set<Integer> seen = new TreeSet<>();
      for (List<Integer> window : ids(model.windows(text.toString(), 20))) {
        assertThat(window).hasSizeLessThanOrEqualTo(8);
        seen.addAll(window);
      }
      assertThat(seen).hasSize(length + 1);
    }
  }

  @Test
  void refusesMoreWindowsThanAreJudged() throws Exception {
    TextModel model = load("", "");

    assertThat(model.windows("b".repeat(6 + 4 * 2), 3)).hasSize(3);
    assertThat(refused(() -> model.windows("b".repeat(6 + 4 * 2 + 1), 3)))
        .isEqualTo(Cause.TOO_LARGE);
    assertThat(refused(() -> model.windows("b".repeat(1_000_000), 3))).isEqualTo(Cause.TOO_LARGE);
  }

  @Test
  void takesTheMeanOfAllTokensAndNothingOlder() throws Exception {
    TextModel model = load("normalise: true", "normalise: false");

    assertThat(embed(model, "jjjjjj")).containsExactly(1, 6.75f);
    assertThat(embed(model, "d")).containsExactly(1, 1);
    assertThat(embed(model, "")).containsExactly(1, 0);
  }

  @Test
  void takesTheFirstTokensVectorForCls() throws Exception {
    TextModel model = load("pooling: mean, normalise: true", "pooling: cls, normalise: false");

    assertThat(embed(model, "jjj")).containsExactly(1, 0);
  }

  @Test
  void scalesToLengthOne() throws Exception {
    float[] vector = embed(load("", ""), "jjj");

    assertThat(Vectors.dot(vector, vector)).isCloseTo(1, within(1e-6));
    assertThat(vector[1] / vector[0]).isCloseTo(9 * 3 / 5f, within(1e-5f));
  }

  @Test
  void padsWhereTheCardAsksForIt() throws Exception {
    TextModel open =
        load(
            Graphs.pooledTable(10),
            card -> plain(card).replace("stride: 4", "stride: 4, pad: 9").replace("mean", "none"));
    assertThat(ids(open.windows("b", 9))).containsExactly(List.of(0, 1, 0));
    assertThat(embed(open, "b")).containsExactly(1, 9);
    assertThat(embed(open, "bcdefg")).containsExactly(1, 6);
  }

  @Test
  void masksWhatItPads() throws Exception {
    byte[] graph = Graphs.maskedTable(10, 8);
    TextModel fixed =
        load(
            graph,
            card ->
                plain(card)
                    .replace("ids: ids", "ids: ids, mask: mask, pad: 9")
                    .replace("mean", "none"));
    assertThat(embed(fixed, "bc")).containsExactly(1, 2);
    assertThat(embed(fixed, "i")).containsExactly(1, 8);
    assertThat(embed(fixed, "")).containsExactly(1, 0);
  }

  @Test
  void leavesPaddingOutOfTheMean() throws Exception {
    TextModel model =
        load(Graphs.table(10), card -> plain(card).replace("stride: 4", "stride: 4, pad: 9"));
    assertThat(embed(model, "jjjjjj")).containsExactly(1, 6.75f);
    assertThat(embed(model, "d")).containsExactly(1, 1);
  }

  @Test
  void refusesAGraphOfOneLengthWithoutPaddingToIt() {
    for (String pad : List.of("", ", pad: 9")) {
      byte[] graph = Graphs.maskedTable(10, 7);
      assertThatThrownBy(
              () ->
                  load(
                      graph,
                      card ->
                          card.replace("ids: ids", "ids: ids, mask: mask" + pad)
                              .replace("mean", "none")))
          .hasMessageContaining(
              "'ids' has shape [-1, 7], expected [1, " + (pad.isEmpty() ? -1 : 8));
    }
  }

  /** Room that no special token takes is the text's. */
  @Test
  void aTextMayHaveASpecialTokenAtOneEndOnly() throws Exception {
    TokenInput input = new TokenInput("t", "ids", null, null, 16, 8, 4, null);
    TokenWindows first = new TokenWindows(input, Folders.letters(7, Tokenizer.NONE));
    assertThat(ids(first.of("bcdefgh", 1))).containsExactly(List.of(7, 1, 2, 3, 4, 5, 6, 7));
    assertThat(ids(first.of("", 1))).containsExactly(List.of(7));
    TokenWindows last = new TokenWindows(input, Folders.letters(Tokenizer.NONE, 9));
    assertThat(ids(last.of("bcdefgh", 1))).containsExactly(List.of(1, 2, 3, 4, 5, 6, 7, 9));
    assertThat(refused(() -> last.of("bcdefghi", 1))).isEqualTo(Cause.TOO_LARGE);
    assertThat(ids(last.of("bcdefghi", 2))).hasSize(2);
  }

  @Test
  void isACrashWhenTheGraphFails() throws Exception {
    TextModel model = load("", "");

    assertThat(refused(() -> embed(model, "z"))).isEqualTo(Cause.CRASH);
    assertThat(embed(model, "b")).isNotNull();
  }

  @Test
  void isLateAfterTheDeadline() throws Exception {
    TextModel model = load("", "");
    Window window = model.windows("b", 1).getFirst();

    assertThat(refused(() -> model.embed(window, new float[2], System.nanoTime())))
        .isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void saysNothingOfItsContent() throws Exception {
    TextModel model = load("", "");
    UnavailableException thrown =
        catchThrowableOfType(UnavailableException.class, () -> embed(model, "z"));

    assertThat(thrown).hasMessage("the model failed: ORT_INVALID_ARGUMENT");
    assertThat(model.windows("b", 1).getFirst()).hasToString("Window[3 tokens]");
  }

  private static String plain(String card) {
    return card.replace("normalise: true", "normalise: false");
  }

  private static float[] embed(TextModel model, String text) throws UnavailableException {
    float[] vector = new float[model.size()];
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    model.embed(model.windows(text, 1).getFirst(), vector, deadline);
    return vector;
  }

  private static List<List<Integer>> ids(List<Window> windows) {
    return windows.stream()
        .map(window -> java.util.Arrays.stream(window.ids()).boxed().toList())
        .toList();
  }

  private static Cause refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(UnavailableException.class, call).why();
  }

  private TextModel load(String right, String other) throws IOException {
    return load(Graphs.table(10), card -> right.isEmpty() ? card : card.replace(right, other));
  }

  private TextModel load(byte[] table, UnaryOperator<String> edit) throws IOException {
    String card = edit.apply(Folders.textCard(table, TOKENS));
    Path folder = Folders.write(models, "table", card, table);
    Files.write(folder.resolve("tokens.json"), TOKENS);
    Problems problems = new Problems();
    ModelStore store =
        ModelStore.load(RUNTIME, models, Set.of("table"), file -> Folders.letters(), problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    stores.add(store);
    return (TextModel) store.model("table").orElseThrow();
  }
}
