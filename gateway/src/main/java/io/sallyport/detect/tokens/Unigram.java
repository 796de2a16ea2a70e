package io.sallyport.detect.tokens;

import io.sallyport.detect.text.Trie;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Unigram, as SentencePiece uses it: of all spellings of a word, the most probable one (Kudo,
 * <em>Subword Regularization</em>, 2018). Immutable.
 *
 * @param pieces every token but the special ones and those of bytes, with its id
 * @param scores by id
 * @param unknown the id of what has no spelling
 * @param unknownScore what one unknown character costs
 * @param bytes what spells unknown characters; null where one token stands for them
 */
record Unigram(
    Trie pieces, double[] scores, int unknown, double unknownScore, @Nullable FallbackBytes bytes)
    implements Speller {
  /** How much an unknown character costs beyond the least probable piece; SentencePiece's own. */
  private static final double PENALTY = 10;

  private static final String TWICE = "a piece stands there twice";

  static Unigram of(TokenizerJson file) throws IOException {
    ModelJson model = file.model();
    Expect.that(!model.pieces().isEmpty(), "a Unigram model whose vocabulary is no list");
    JsonNode unknown = model.options().path("unk_id");
    int unknownId = Expect.number(unknown, "unk_id", 0, model.pieces().size() - 1);
    boolean fallback = Expect.flag(model.options(), "byte_fallback", false);
    Set<String> bytes = fallback ? FallbackBytes.tokens() : Set.of();
    Map<String, Integer> byteIds = new HashMap<>();
    Trie pieces = new Trie();
    double[] scores = new double[model.pieces().size()];
    double least = Double.POSITIVE_INFINITY;
    for (int id = 0; id < scores.length; id++) {
      String token = model.pieces().get(id).token();
      scores[id] = model.pieces().get(id).score();
      least = Math.min(least, scores[id]);
      if (bytes.contains(token)) {
        // A text cannot spell them: SentencePiece reads "<0x41>" as six characters.
        Expect.that(byteIds.put(token, id) == null, TWICE);
      } else if (id != unknownId && !file.special().contains(token) && !token.isEmpty()) {
        Expect.that(pieces.add(token, id) == id, TWICE);
      }
    }
    FallbackBytes spelled = fallback ? FallbackBytes.of(token -> id(byteIds, token)) : null;
    return new Unigram(pieces, scores, unknownId, least - PENALTY, spelled);
  }

  private static int id(Map<String, Integer> ids, String token) throws IOException {
    Integer id = ids.get(token);
    if (id == null) {
      throw Expect.refusal("no token '" + token + "'");
    }
    return id;
  }

  @Override
  public Spelling over(int[] ids) {
    return new UnigramSpelling(this, ids);
  }

  @Override
  public int size() {
    return scores.length;
  }

  @Override
  public String kind() {
    return "Unigram";
  }
}
