package io.sallyport.detect.tokens;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a {@code tokenizer.json} says. Streamed: the vocabulary goes straight into its tree.
 *
 * @param normalizer what is done to a text first; missing or null for nothing
 * @param preTokenizer how it is split into words; missing or null for not at all
 * @param postProcessor which special tokens stand around it
 * @param special the special tokens, which no text may spell
 * @param added the tokens that were added and are not special, with their ids
 */
record TokenizerJson(
    JsonNode normalizer,
    JsonNode preTokenizer,
    JsonNode postProcessor,
    Set<String> special,
    Map<String, Integer> added,
    ModelJson model) {
  private static final int DEPTH_MAX = 32;
  private static final int STRING_MAX = 1 << 23;
  private static final long BYTES_MAX = 1L << 28;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxStringLength(STRING_MAX)
                          .maxDocumentLength(BYTES_MAX)
                          .build())
                  .build())
          .build();

  static TokenizerJson read(InputStream json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      return read(parser);
    } catch (JacksonException e) {
      // The parser's own message quotes the file; its place is enough.
      throw new IOException("tokenizer.json: not JSON as expected near " + place(e), e);
    }
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null ? "its start" : "line " + e.getLocation().getLineNr();
  }

  private static TokenizerJson read(JsonParser parser) throws IOException {
    Expect.that(parser.nextToken() == JsonToken.START_OBJECT, "not an object");
    JsonNode normalizer = MissingNode.getInstance();
    JsonNode preTokenizer = MissingNode.getInstance();
    JsonNode postProcessor = MissingNode.getInstance();
    JsonNode added = MissingNode.getInstance();
    ModelJson.Reader model = new ModelJson.Reader();
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      parser.nextToken();
      switch (key) {
        case "normalizer" -> normalizer = parser.readValueAsTree();
        case "pre_tokenizer" -> preTokenizer = parser.readValueAsTree();
        case "post_processor" -> postProcessor = parser.readValueAsTree();
        case "added_tokens" -> added = parser.readValueAsTree();
        case "model" -> model.read(parser);
        case String other -> parser.skipChildren();
      }
    }
    return new TokenizerJson(
        normalizer, preTokenizer, postProcessor, special(added), plain(added), model.finished());
  }

  private static Set<String> special(JsonNode added) throws IOException {
    Set<String> special = new HashSet<>();
    for (JsonNode token : added) {
      if (Expect.flag(token, "special", false)) {
        special.add(token.path("content").asString(""));
      }
    }
    return special;
  }

  /** Those that are looked for in the text as it is, and take nothing around them along. */
  private static Map<String, Integer> plain(JsonNode added) throws IOException {
    Map<String, Integer> plain = new LinkedHashMap<>();
    for (JsonNode token : added) {
      if (!Expect.flag(token, "special", false)) {
        String content = Expect.whole(token.path("content"), "an added token");
        Expect.that(!content.isEmpty(), "an added token has no content");
        for (String key : List.of("normalized", "single_word", "lstrip", "rstrip")) {
          Expect.that(
              !Expect.flag(token, key, key.equals("normalized")),
              "the added token '" + content + "' is not special, and " + key);
        }
        Integer before =
            plain.put(
                content,
                Expect.number(
                    token.path("id"), "an added token's id", 0, ModelJson.TOKENS_MAX - 1));
        Expect.that(before == null, "the added token '" + content + "' stands there twice");
      }
    }
    return plain;
  }
}
