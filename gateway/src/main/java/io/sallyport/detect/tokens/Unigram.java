package io.sallyport.detect.tokens;

import io.sallyport.detect.text.Trie;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/**
 * Unigram, as SentencePiece uses it: of all spellings of a word, the most probable one (Kudo,
 * <em>Subword Regularization</em>, 2018). Immutable.
 *
 * @param pieces every token but the special ones, with its id
 * @param scores by id
 * @param unknown the id of what has no spelling
 * @param unknownScore what one unknown character costs
 */
record Unigram(Trie pieces, double[] scores, int unknown, double unknownScore) implements Speller {
  /** How much an unknown character costs beyond the least probable piece; SentencePiece's own. */
  private static final double PENALTY = 10;

  static Unigram of(TokenizerJson file) throws IOException {
    ModelJson model = file.model();
    Expect.that(!model.pieces().isEmpty(), "a Unigram model whose vocabulary is no list");
    Expect.that(
        !Expect.flag(model.options(), "byte_fallback", false), "byte_fallback is not known");
    JsonNode unknown = model.options().path("unk_id");
    int unknownId = Expect.number(unknown, "unk_id", 0, model.pieces().size() - 1);
    Trie pieces = new Trie();
    double[] scores = new double[model.pieces().size()];
    double least = Double.POSITIVE_INFINITY;
    for (int id = 0; id < scores.length; id++) {
      ModelJson.Piece piece = model.pieces().get(id);
      scores[id] = piece.score();
      least = Math.min(least, piece.score());
      if (id != unknownId && !file.special().contains(piece.token()) && !piece.token().isEmpty()) {
        Expect.that(pieces.add(piece.token(), id) == id, "a piece stands there twice");
      }
    }
    return new Unigram(pieces, scores, unknownId, least - PENALTY);
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
