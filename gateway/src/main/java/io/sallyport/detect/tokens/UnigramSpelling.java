package io.sallyport.detect.tokens;

import io.sallyport.detect.text.Trie;
import java.util.Arrays;

/**
 * One pass of {@link Unigram} over one text: for every place in a word the best way there, from
 * left to right (Viterbi). Of two equally good ways the one that was found first stays, and unknown
 * characters in a row are one token, or the tokens of all their bytes, as in the reference.
 */
final class UnigramSpelling implements Speller.Spelling {
  private static final int NOWHERE = -1;

  private final Unigram model;
  private final int[] ids;
  private int count;

  /**
   * By place in the word: the score of the best way there, its last piece, and where that began.
   */
  private double[] best = new double[64];

  private int[] piece = new int[64];
  private int[] from = new int[64];

  /** The tokens of one unknown character. */
  private final int[] utf8 = new int[4];

  UnigramSpelling(Unigram model, int[] ids) {
    this.model = model;
    this.ids = ids;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean token(int id) {
    ids[count++] = id;
    return count < ids.length;
  }

  @Override
  public boolean word(String text, int start, int end) {
    int length = end - start;
    reserve(length + 1);
    for (int at = 0; at < length; ) {
      int step = Character.charCount(text.codePointAt(start + at));
      if (!pieces(text, start, at, length, step)) {
        reach(at + step, at, best[at] + model.unknownScore(), model.unknown());
      }
      at += step;
    }
    turn(length);
    return write(text, start);
  }

  /** True when one of the pieces is the character itself. */
  private boolean pieces(String text, int start, int at, int length, int step) {
    boolean known = false;
    int node = Trie.ROOT;
    for (int i = at; i < length; i++) {
      node = model.pieces().child(node, text.charAt(start + i));
      if (node == Trie.NONE) {
        return known;
      }
      int id = model.pieces().value(node);
      if (id != Trie.NONE) {
        reach(i + 1, at, best[at] + model.scores()[id], id);
        known |= i + 1 == at + step;
      }
    }
    return known;
  }

  private void reach(int place, int start, double score, int id) {
    if (from[place] == NOWHERE || score > best[place]) {
      best[place] = score;
      piece[place] = id;
      from[place] = start;
    }
  }

  /** Turns the best way round: where a piece begins, {@code from} then says where it ends. */
  private void turn(int length) {
    int after = NOWHERE;
    for (int place = length; place != NOWHERE; ) {
      int before = from[place];
      from[place] = after;
      after = place;
      place = before;
    }
  }

  private boolean write(String text, int start) {
    int last = NOWHERE;
    for (int place = 0; from[place] != NOWHERE && count < ids.length; place = from[place]) {
      int id = piece[from[place]];
      if (id != model.unknown()) {
        ids[count++] = id;
      } else if (model.bytes() != null) {
        bytes(model.bytes(), text.codePointAt(start + place));
      } else if (last != id) {
        ids[count++] = id;
      }
      last = id;
    }
    return count < ids.length;
  }

  private void bytes(FallbackBytes bytes, int point) {
    int written = Math.min(bytes.write(point, utf8, 0), ids.length - count);
    System.arraycopy(utf8, 0, ids, count, written);
    count += written;
  }

  private void reserve(int places) {
    if (places > best.length) {
      int room = Math.max(places, 2 * best.length);
      best = new double[room];
      piece = new int[room];
      from = new int[room];
    }
    Arrays.fill(from, 0, places, NOWHERE);
    best[0] = 0;
  }
}
