package io.sallyport.detect.tokens;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Byte-pair encoding over bytes (Sennrich et al., <em>Neural Machine Translation of Rare Words with
 * Subword Units</em>, 2016; over bytes: GPT-2). Every text can be spelled. Immutable.
 *
 * @param bytes the token of each byte
 * @param merges which two tokens become which one, and which go first
 */
record Bpe(int[] bytes, MergeTable merges, int size) implements Speller {

  static Bpe of(ModelJson model) throws IOException {
    JsonNode options = model.options();
    Expect.that(model.pieces().isEmpty(), "a BPE model whose vocabulary is a list");
    for (String key : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      Expect.that(options.path(key).asString("").isEmpty(), key + " is not known");
    }
    for (String key : List.of("byte_fallback", "ignore_merges")) {
      Expect.that(!Expect.flag(options, key, false), key + " is not known");
    }
    Expect.that(
        options.path("dropout").asDouble(0) == 0, "dropout would give another answer each time");
    int[] bytes = new int[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = model.id(String.valueOf(letter(i)));
    }
    return new Bpe(bytes, merges(model), model.size());
  }

  private static MergeTable merges(ModelJson model) throws IOException {
    MergeTable table = new MergeTable(model.merges().size());
    for (int rank = 0; rank < model.merges().size(); rank++) {
      ModelJson.Merge merge = model.merges().get(rank);
      int made = model.id(merge.left() + merge.right());
      table.put(model.id(merge.left()), model.id(merge.right()), rank, made);
    }
    return table;
  }

  /**
   * How GPT-2's vocabulary spells a byte: printable ones of Latin-1 as themselves, the others in
   * their order from U+0100 on.
   */
  static char letter(int value) {
    if (value <= 0x20) {
      return (char) (0x100 + value);
    }
    if (value >= 0x7F && value <= 0xA0) {
      return (char) (0x121 + value - 0x7F);
    }
    return (char) (value == 0xAD ? 0x143 : value);
  }

  @Override
  public Spelling over(int[] ids) {
    return new BpeSpelling(this, ids);
  }

  @Override
  public String kind() {
    return "byte-level BPE";
  }
}
