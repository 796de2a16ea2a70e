package io.sallyport.detect.tokens;

import io.sallyport.detect.text.Trie;
import java.io.IOException;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Tokens that were added to a vocabulary and are no special ones: texts that are one token wherever
 * they stand, whatever is around them, looked for before anything is done to a text. Of those that
 * begin at one place the longest counts. Immutable.
 *
 * @param contents every one with its id
 * @param size one more than the largest id; 0 for none
 */
record AddedTokens(Trie contents, int size) {

  /**
   * Those of a file.
   *
   * @throws IOException when the model has another token with the id of one
   */
  static AddedTokens of(Map<String, Integer> added, ModelJson model) throws IOException {
    Trie contents = new Trie();
    int size = 0;
    for (Entry<String, Integer> token : added.entrySet()) {
      int id = token.getValue();
      Expect.that(
          id >= model.size() || model.spells(id, token.getKey()),
          "the vocabulary has another token with the id of '" + token.getKey() + "'");
      int _ = contents.add(token.getKey(), id);
      size = Math.max(size, id + 1);
    }
    return new AddedTokens(contents, size);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes a text apart. */
  interface Parts {
    /** What stands before, between or after added tokens; not empty. False ends it. */
    boolean text(String text);

    /** An added token. False ends it. */
    boolean token(int id);
  }

  /** Hands out the parts of a text in their order. */
  void split(String text, Parts parts) {
    int from = 0;
    for (int at = 0; at < text.length(); ) {
      int id = Trie.NONE;
      int end = at;
      int node = Trie.ROOT;
      for (int i = at; i < text.length() && node != Trie.NONE; i++) {
        node = contents.child(node, text.charAt(i));
        if (node != Trie.NONE && contents.value(node) != Trie.NONE) {
          id = contents.value(node);
          end = i + 1;
        }
      }
      if (id == Trie.NONE) {
        at++;
        continue;
      }
      if ((at > from && !parts.text(text.substring(from, at))) || !parts.token(id)) {
        return;
      }
      from = end;
      at = end;
    }
    if (from < text.length()) {
      boolean _ = parts.text(text.substring(from));
    }
  }
}
