package io.sallyport.detect.tokens;

/**
 * One pass of {@link Bpe} over one text: the letters of a word as a chain of tokens, of which the
 * pair of the lowest rank becomes one until no pair is left; of equal ranks the leftmost first.
 */
final class BpeSpelling implements Speller.Spelling {
  private static final int END = -1;

  private final Bpe model;
  private final int[] ids;
  private int count;

  /** By place in the chain: the token, and the places before and after; a gone one is END. */
  private int[] token = new int[64];

  private int[] before = new int[64];
  private int[] after = new int[64];
  private final RankQueue queue = new RankQueue();

  BpeSpelling(Bpe model, int[] ids) {
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
    int length = chain(text, start, end);
    for (int at = 0; at < length; at++) {
      offer(at);
    }
    while (!queue.isEmpty()) {
      long next = queue.poll();
      merge(RankQueue.place(next), RankQueue.rank(next));
    }
    for (int at = 0; at != END && count < ids.length; at = after[at]) {
      ids[count++] = token[at];
    }
    return count < ids.length;
  }

  private int chain(String text, int start, int end) {
    reserve(3 * (end - start) + 1);
    int length = model.letters().write(text, start, end, token);
    for (int at = 0; at < length; at++) {
      before[at] = at - 1;
      after[at] = at + 1 < length ? at + 1 : END;
    }
    return length;
  }

  /** Puts the pair that starts here into the queue, if it is one. */
  private void offer(int at) {
    if (at != END && after[at] != END) {
      int found = model.merges().find(token[at], token[after[at]]);
      if (found != MergeTable.NONE) {
        queue.add(model.merges().rank(found), at);
      }
    }
  }

  private void merge(int at, int rank) {
    int gone = token[at] == END ? END : after[at];
    int found = gone == END ? MergeTable.NONE : model.merges().find(token[at], token[gone]);
    // What is in the queue may have been merged with a neighbour since.
    if (found == MergeTable.NONE || model.merges().rank(found) != rank) {
      return;
    }
    token[at] = model.merges().made(found);
    token[gone] = END;
    after[at] = after[gone];
    if (after[at] != END) {
      before[after[at]] = at;
    }
    offer(before[at]);
    offer(at);
  }

  private void reserve(int places) {
    if (places > token.length) {
      int room = Math.max(places, 2 * token.length);
      token = new int[room];
      before = new int[room];
      after = new int[room];
    }
  }
}
