package io.sallyport.detect.tokens;

import io.sallyport.detect.text.Trie;
import java.io.IOException;

/** The tokens that a word of a BPE model starts out as, before any merge. Immutable. */
sealed interface Letters {

  /**
   * Writes them.
   *
   * @param tokens with room for three for each {@code char} of the word, and one more
   * @return how many; at least one
   */
  int write(String text, int start, int end, int[] tokens);

  /** The name of the kind of model, for people. */
  String kind();

  /**
   * Every byte of UTF-8 is one.
   *
   * @param inner the token of each byte
   * @param last the token of each byte at the end of a word
   */
  record Bytes(int[] inner, int[] last) implements Letters {

    /**
     * Reads them.
     *
     * @param suffix what the vocabulary puts after the last byte of a word; empty for nothing
     */
    static Bytes of(ModelJson model, String suffix) throws IOException {
      int[] inner = new int[256];
      int[] last = new int[256];
      for (int i = 0; i < inner.length; i++) {
        inner[i] = model.id(String.valueOf(letter(i)));
        last[i] = suffix.isEmpty() ? inner[i] : model.id(letter(i) + suffix);
      }
      return new Bytes(inner, last);
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
    public int write(String text, int start, int end, int[] tokens) {
      int count = 0;
      int last = 0;
      for (int i = start; i < end; ) {
        int point = text.codePointAt(i);
        i += Character.charCount(point);
        for (int at = 0; at < Utf8.length(point); at++) {
          last = Utf8.unit(point, at);
          tokens[count++] = inner[last];
        }
      }
      tokens[count - 1] = this.last[last];
      return count;
    }

    @Override
    public String kind() {
      return "byte-level BPE";
    }
  }

  /**
   * Every character of the vocabulary is one, and of other characters every byte of UTF-8.
   *
   * @param vocabulary every token
   */
  record Characters(Trie vocabulary, FallbackBytes bytes) implements Letters {
    @Override
    public int write(String text, int start, int end, int[] tokens) {
      int count = 0;
      for (int i = start; i < end; ) {
        int point = text.codePointAt(i);
        int node = vocabulary.child(Trie.ROOT, text.charAt(i));
        if (node != Trie.NONE && Character.charCount(point) == 2) {
          node = vocabulary.child(node, text.charAt(i + 1));
        }
        int id = node == Trie.NONE ? Trie.NONE : vocabulary.value(node);
        if (id == Trie.NONE) {
          count = bytes.write(point, tokens, count);
        } else {
          tokens[count++] = id;
        }
        i += Character.charCount(point);
      }
      return count;
    }

    @Override
    public String kind() {
      return "BPE with bytes for unknown characters";
    }
  }
}
