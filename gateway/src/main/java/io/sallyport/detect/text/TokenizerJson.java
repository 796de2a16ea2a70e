package io.sallyport.detect.text;

import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a {@code tokenizer.json} says, as far as {@link WordPiece} needs it. Streamed: the
 * vocabulary goes straight into its tree.
 *
 * @param vocabulary every token with its id, pieces inside a word as {@code ##piece}
 * @param continuation the node of {@code ##}
 * @param size one more than the largest id
 * @param wordMax longer words, in code points, are unknown
 */
record TokenizerJson(
    Trie vocabulary, int continuation, int size, int wordMax, int cls, int sep, int pad, int unk) {
  private static final String PREFIX = "##";
  private static final int TOKENS_MAX = 1 << 20;
  private static final int TOKEN_CHARS_MAX = 256;
  private static final int WORD_MAX = 1000;

  static TokenizerJson read(InputStream json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      return new Reader(parser).read();
    } catch (JacksonException e) {
      // The parser's own message quotes the file; its place is enough.
      throw new IOException("tokenizer.json: not JSON as expected near " + place(e), e);
    }
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null ? "its start" : "line " + e.getLocation().getLineNr();
  }

  private static final class Reader {
    private final JsonParser parser;
    private final Trie vocabulary = new Trie();
    private int size;
    private int wordMax = 100;
    private boolean uncased;

    Reader(JsonParser parser) {
      this.parser = parser;
    }

    TokenizerJson read() throws IOException {
      expect(parser.nextToken() == JsonToken.START_OBJECT, "not an object");
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        parser.nextToken();
        switch (key) {
          case "normalizer" -> normalizer();
          case "model" -> model();
          case String other -> parser.skipChildren();
        }
      }
      expect(uncased, "no BertNormalizer");
      expect(size > 0, "no vocabulary");
      return new TokenizerJson(
          vocabulary,
          node(PREFIX),
          size,
          wordMax,
          id("[CLS]"),
          id("[SEP]"),
          id("[PAD]"),
          id("[UNK]"));
    }

    private void normalizer() throws IOException {
      expect(parser.currentToken() == JsonToken.START_OBJECT, "no BertNormalizer");
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        JsonToken value = parser.nextToken();
        switch (key) {
          case "type" -> uncased = "BertNormalizer".equals(parser.getString());
          case "lowercase", "clean_text", "handle_chinese_chars" ->
              expect(value == JsonToken.VALUE_TRUE, key + " is not true: not an uncased BERT");
          case "strip_accents" ->
              expect(value != JsonToken.VALUE_FALSE, "strip_accents is false: not an uncased BERT");
          case String other -> parser.skipChildren();
        }
      }
    }

    private void model() throws IOException {
      expect(parser.currentToken() == JsonToken.START_OBJECT, "the model is not an object");
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        parser.nextToken();
        switch (key) {
          case "type" -> expect("WordPiece".equals(parser.getString()), "not a WordPiece model");
          case "unk_token" -> expect("[UNK]".equals(parser.getString()), "unk_token is not [UNK]");
          case "continuing_subword_prefix" ->
              expect(PREFIX.equals(parser.getString()), "the prefix is not " + PREFIX);
          case "max_input_chars_per_word" -> wordMax = within(parser.getIntValue(), 1, WORD_MAX);
          case "vocab" -> vocabulary();
          case String other -> parser.skipChildren();
        }
      }
    }

    private void vocabulary() throws IOException {
      expect(parser.currentToken() == JsonToken.START_OBJECT, "the vocabulary is not an object");
      for (String token = parser.nextName(); token != null; token = parser.nextName()) {
        parser.nextToken();
        int id = within(parser.getIntValue(), 0, TOKENS_MAX - 1);
        within(token.length(), 0, TOKEN_CHARS_MAX);
        expect(vocabulary.add(token, id) == id, "a token stands there twice");
        size = Math.max(size, id + 1);
      }
    }

    private int id(String token) throws IOException {
      int id = vocabulary.value(node(token));
      expect(id != Trie.NONE, "no token " + token);
      return id;
    }

    private int node(String token) throws IOException {
      int node = Trie.ROOT;
      for (int i = 0; i < token.length(); i++) {
        node = vocabulary.child(node, token.charAt(i));
        expect(node != Trie.NONE, "no token " + token);
      }
      return node;
    }

    private static int within(int value, int least, int most) throws IOException {
      expect(value >= least && value <= most, "a number is out of range");
      return value;
    }

    private static void expect(boolean holds, String otherwise) throws IOException {
      if (!holds) {
        throw new IOException("tokenizer.json: " + otherwise);
      }
    }
  }
}
