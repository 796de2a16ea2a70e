package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.text.Trie;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import tools.jackson.databind.JsonNode;

/**
 * The tokenizer of BERT models: splits a text into words and words into pieces of a fixed
 * vocabulary.
 *
 * <p>Follows the {@code BertNormalizer}, {@code BertPreTokenizer} and {@code WordPiece} model of
 * the Hugging Face {@code tokenizers} library. It differs in three places: code points that no
 * table knows are kept, those that this JDK knows and the library's older table does not have their
 * category, and {@code [SEP]} or {@code [PAD]} spelled out in a text are plain text, so that nobody
 * can forge the end of a text. Reads no further than it was asked for tokens, so a long text costs
 * no more than a short one. Safe on every thread.
 */
final class WordPiece implements Tokenizer {
  private static final String PREFIX = "##";
  private static final int WORD_MAX = 1000;

  private final Pieces pieces;
  private final Habits habits;
  private final Ends ends;

  /** Who comes while all are taken makes one more. */
  private final ArrayBlockingQueue<WordPieceRun.Room> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  private WordPiece(Pieces pieces, Habits habits, Ends ends) {
    this.pieces = pieces;
    this.habits = habits;
    this.ends = ends;
  }

  /**
   * The vocabulary.
   *
   * @param all every token with its id, pieces inside a word as {@code ##piece}
   * @param continuation the node of {@code ##}
   * @param size one more than the largest id
   * @param unknown the token of a word that the vocabulary cannot spell
   * @param wordMax longer words, in code points, are unknown
   */
  record Pieces(Trie all, int continuation, int size, int unknown, int wordMax) {}

  /**
   * What is done to a text before it is split, besides cleaning it.
   *
   * @param lowercase whether capitals count as small letters
   * @param stripAccents whether letters are taken apart and their marks dropped
   * @param ideographs whether every Chinese character is a word
   */
  record Habits(boolean lowercase, boolean stripAccents, boolean ideographs) {
    static Habits of(JsonNode normalizer) throws IOException {
      Expect.that(
          Expect.type(normalizer).equals("BertNormalizer"),
          "a WordPiece model without a BertNormalizer");
      Expect.that(Expect.flag(normalizer, "clean_text", true), "clean_text: false is not known");
      boolean lowercase = Expect.flag(normalizer, "lowercase", true);
      return new Habits(
          lowercase,
          Expect.flag(normalizer, "strip_accents", lowercase),
          Expect.flag(normalizer, "handle_chinese_chars", true));
    }
  }

  static WordPiece of(TokenizerJson file) throws IOException {
    Habits habits = Habits.of(file.normalizer());
    Expect.that(
        file.added().isEmpty(),
        "a WordPiece model with added tokens that are not special: " + file.added().keySet());
    Expect.that(
        Expect.absent(file.preTokenizer())
            || Expect.type(file.preTokenizer()).equals("BertPreTokenizer"),
        "a WordPiece model with another pre_tokenizer than BertPreTokenizer");
    Pieces pieces = pieces(file.model());
    Ends ends =
        Ends.of(file.postProcessor())
            .orElse(new Ends(file.model().id("[CLS]"), file.model().id("[SEP]")));
    return new WordPiece(pieces, habits, ends);
  }

  private static Pieces pieces(ModelJson model) throws IOException {
    JsonNode options = model.options();
    Expect.that(
        options.path("continuing_subword_prefix").asString(PREFIX).equals(PREFIX),
        "the continuing_subword_prefix is not " + PREFIX);
    int wordMax =
        options.has("max_input_chars_per_word")
            ? Expect.number(
                options.path("max_input_chars_per_word"), "max_input_chars_per_word", 1, WORD_MAX)
            : 100;
    int unknown = model.id(options.path("unk_token").asString("[UNK]"));
    int continuation = Trie.ROOT;
    for (int i = 0; i < PREFIX.length() && continuation != Trie.NONE; i++) {
      continuation = model.vocabulary().child(continuation, PREFIX.charAt(i));
    }
    Expect.that(continuation != Trie.NONE, "no token starts with " + PREFIX);
    return new Pieces(model.vocabulary(), continuation, model.size(), unknown, wordMax);
  }

  @Override
  public int clsId() {
    return ends.first();
  }

  @Override
  public int sepId() {
    return ends.last();
  }

  @Override
  public int encode(CharSequence text, int[] ids) {
    WordPieceRun.Room taken = idle.poll();
    WordPieceRun.Room room = taken == null ? WordPieceRun.Room.of(pieces) : taken;
    try {
      return new WordPieceRun(pieces, habits, room, ids).over(text);
    } finally {
      boolean _ = idle.offer(room);
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return "WordPiece, "
        + (habits.lowercase() ? "uncased, " : "cased, ")
        + (habits.stripAccents() ? "without accents, " : "with accents, ")
        + pieces.size()
        + " tokens";
  }
}
