package io.sallyport.detect.tokens;

import java.io.IOException;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Byte-pair encoding (Sennrich et al., <em>Neural Machine Translation of Rare Words with Subword
 * Units</em>, 2016): over bytes, as GPT-2 and, with a mark at the end of a word, CLIP have it; or
 * over characters, with bytes for those that are unknown, as Llama and Gemma have it. Every text
 * can be spelled. Immutable.
 *
 * @param letters what a word starts out as
 * @param merges which two tokens become which one, and which go first
 */
record Bpe(Letters letters, MergeTable merges, int size) implements Speller {

  /** A model over bytes. */
  static Bpe ofBytes(TokenizerJson file) throws IOException {
    ModelJson model = checked(file);
    String suffix = model.options().path("end_of_word_suffix").asString("");
    return new Bpe(Letters.Bytes.of(model, suffix), merges(file), model.size());
  }

  /** A model over characters, of a file that says {@code byte_fallback}. */
  static Bpe ofCharacters(TokenizerJson file) throws IOException {
    ModelJson model = checked(file);
    Expect.that(
        model.options().path("end_of_word_suffix").asString("").isEmpty(),
        "end_of_word_suffix is not known with byte_fallback");
    for (String special : file.special()) {
      Expect.that(
          special.codePointCount(0, special.length()) != 1,
          "a special token is one character: '" + special + "'");
    }
    Letters letters = new Letters.Characters(model.vocabulary(), FallbackBytes.of(model::id));
    return new Bpe(letters, merges(file), model.size());
  }

  private static ModelJson checked(TokenizerJson file) throws IOException {
    ModelJson model = file.model();
    JsonNode options = model.options();
    Expect.that(model.pieces().isEmpty(), "a BPE model whose vocabulary is a list");
    Expect.that(
        options.path("continuing_subword_prefix").asString("").isEmpty(),
        "continuing_subword_prefix is not known");
    Expect.that(!Expect.flag(options, "ignore_merges", false), "ignore_merges is not known");
    Expect.that(
        options.path("dropout").asDouble(0) == 0, "dropout would give another answer each time");
    return model;
  }

  /** No merge makes a special token: a text could spell it otherwise. */
  private static MergeTable merges(TokenizerJson file) throws IOException {
    ModelJson model = file.model();
    Set<String> special = file.special();
    MergeTable table = new MergeTable(model.merges().size());
    for (int rank = 0; rank < model.merges().size(); rank++) {
      ModelJson.Merge merge = model.merges().get(rank);
      String whole = merge.left() + merge.right();
      Expect.that(!special.contains(whole), "a merge makes the special token '" + whole + "'");
      table.put(model.id(merge.left()), model.id(merge.right()), rank, model.id(whole));
    }
    return table;
  }

  @Override
  public Spelling over(int[] ids) {
    return new BpeSpelling(this, ids);
  }

  @Override
  public String kind() {
    return letters.kind();
  }
}
