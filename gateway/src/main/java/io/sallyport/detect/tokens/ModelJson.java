package io.sallyport.detect.tokens;

import io.sallyport.detect.text.Trie;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code model} of a {@code tokenizer.json}.
 *
 * @param options what it says besides its lists
 * @param vocabulary every token with its id; empty for Unigram
 * @param size one more than the largest id
 * @param pieces Unigram's tokens with their scores, by id; empty otherwise
 * @param merges BPE's pairs of tokens, the first merged first; empty otherwise
 */
record ModelJson(
    ObjectNode options, Trie vocabulary, int size, List<Piece> pieces, List<Merge> merges) {
  /** No vocabulary is larger: that of XLM-R, the largest one in use, has 250,002. */
  static final int TOKENS_MAX = 1 << 20;

  private static final int TOKEN_CHARS_MAX = 256;

  /**
   * A token of a Unigram model.
   *
   * @param score the logarithm of its probability
   */
  record Piece(String token, double score) {}

  /** Two tokens that become one. */
  record Merge(String left, String right) {}

  /** Its kind; files of 2020 do not name it, and are told by their lists. */
  String type() {
    String type = Expect.type(options);
    if (!type.isEmpty()) {
      return type;
    }
    if (!pieces.isEmpty()) {
      return "Unigram";
    }
    return merges.isEmpty() ? "WordPiece" : "BPE";
  }

  /** The id of a token; refuses the file when it has none. */
  int id(String token) throws IOException {
    int id = find(token);
    Expect.that(id != Trie.NONE, "no token '" + token + "'");
    return id;
  }

  private int find(String token) {
    int node = Trie.ROOT;
    for (int i = 0; i < token.length() && node != Trie.NONE; i++) {
      node = vocabulary.child(node, token.charAt(i));
    }
    return node == Trie.NONE ? Trie.NONE : vocabulary.value(node);
  }

  /** Whether the token with this id is that one, here where ids are given. */
  boolean spells(int id, String token) {
    return pieces.isEmpty()
        ? find(token) == id
        : id < pieces.size() && pieces.get(id).token().equals(token);
  }

  /** Reads it in whatever order it stands. Used by one thread, once. */
  static final class Reader {
    private final ObjectNode options = JsonNodeFactory.instance.objectNode();
    private final Trie vocabulary = new Trie();
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Merge> merges = new ArrayList<>();
    private int size;

    /** The parser stands at the model's first token. */
    void read(JsonParser parser) throws IOException {
      Expect.that(
          parser.currentToken() == JsonToken.START_OBJECT && options.isEmpty(),
          "the model is not one object");
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        JsonToken start = parser.nextToken();
        switch (key) {
          case "vocab" -> vocabulary(parser, start);
          case "merges" -> merges(parser, start);
          case String other -> options.set(other, (JsonNode) parser.readValueAsTree());
        }
      }
    }

    ModelJson finished() throws IOException {
      Expect.that(size > 0 || !pieces.isEmpty(), "no vocabulary");
      return new ModelJson(
          options, vocabulary, Math.max(size, pieces.size()), List.copyOf(pieces), merges);
    }

    private void vocabulary(JsonParser parser, JsonToken start) throws IOException {
      Expect.that(
          start == JsonToken.START_OBJECT || start == JsonToken.START_ARRAY,
          "the vocabulary is neither an object nor a list");
      if (start == JsonToken.START_ARRAY) {
        pieces(parser);
        return;
      }
      for (String token = parser.nextName(); token != null; token = parser.nextName()) {
        Expect.that(parser.nextToken() == JsonToken.VALUE_NUMBER_INT, "an id is no whole number");
        int id = within(parser.getIntValue(), TOKENS_MAX - 1);
        within(token.length(), TOKEN_CHARS_MAX);
        Expect.that(vocabulary.add(token, id) == id, "a token stands there twice");
        size = Math.max(size, id + 1);
      }
    }

    private void pieces(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        Expect.that(parser.nextToken() == JsonToken.VALUE_STRING, "a piece is not a text");
        String token = parser.getString();
        Expect.that(parser.nextToken().isNumeric(), "a score is not a number");
        double score = parser.getDoubleValue();
        Expect.that(Double.isFinite(score), "a score is not a finite number");
        Expect.that(parser.nextToken() == JsonToken.END_ARRAY, "a piece has more than a score");
        within(token.length(), TOKEN_CHARS_MAX);
        within(pieces.size(), TOKENS_MAX - 1);
        pieces.add(new Piece(token, score));
      }
      Expect.that(parser.currentToken() == JsonToken.END_ARRAY, "a piece is not a list");
    }

    private void merges(JsonParser parser, JsonToken start) throws IOException {
      Expect.that(start == JsonToken.START_ARRAY, "the merges are not a list");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        within(merges.size(), TOKENS_MAX - 1);
        merges.add(parser.currentToken() == JsonToken.START_ARRAY ? pair(parser) : line(parser));
      }
    }

    private static Merge pair(JsonParser parser) throws IOException {
      String left = parser.nextStringValue();
      String right = parser.nextStringValue();
      Expect.that(
          left != null && right != null && parser.nextToken() == JsonToken.END_ARRAY,
          "a merge is not a pair");
      return new Merge(String.valueOf(left), String.valueOf(right));
    }

    /** The older spelling: both with a space between them. */
    private static Merge line(JsonParser parser) throws IOException {
      Expect.that(parser.currentToken() == JsonToken.VALUE_STRING, "a merge is not a pair");
      String line = parser.getString();
      int space = line.indexOf(' ');
      Expect.that(space > 0 && space == line.lastIndexOf(' '), "a merge is not a pair");
      return new Merge(line.substring(0, space), line.substring(space + 1));
    }

    private static int within(int value, int most) throws IOException {
      Expect.that(value >= 0 && value <= most, "a number is out of range");
      return value;
    }
  }
}
