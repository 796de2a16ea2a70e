package io.sallyport.detect.text;

import org.jspecify.annotations.Nullable;

/**
 * Words that are spelled letter by letter ({@code z e p}, {@code z.e.p}, {@code z-e_p}), joined.
 *
 * <p>A run is three or more pieces of at most a given number of characters, whatever stands between
 * them. Where the gaps of a run differ, the wider ones part words; both that reading and the one
 * without any gap are offered. The result is never longer.
 */
final class LetterRuns {
  private static final int PIECES_MIN = 3;
  private static final int GAP_MAX = 8;

  private final String text;
  private final int pieceMax;
  private final boolean keepWideGaps;

  /** Made with the first run: most texts have none. */
  private @Nullable StringBuilder out;

  private int copied;

  // The run being read: where it starts and ends, its pieces and how many begin with
  // a letter, its narrowest gap, and whether some gap has no space.
  private int start;
  private int end;
  private int pieces;
  private int letters;
  private int narrowest;
  private boolean spaceless;

  private LetterRuns(String text, int pieceMax, boolean keepWideGaps) {
    this.text = text;
    this.pieceMax = pieceMax;
    this.keepWideGaps = keepWideGaps;
  }

  /**
   * The text with its runs joined; the same object when there is none.
   *
   * @param pieceMax the longest piece of a run, in characters
   * @param keepWideGaps true to part the words of a run where its gaps are wider, false to join it
   *     all
   */
  static String join(String text, int pieceMax, boolean keepWideGaps) {
    return new LetterRuns(text, pieceMax, keepWideGaps).join();
  }

  private String join() {
    for (int i = skipGap(0); i < text.length(); ) {
      int pieceEnd = skipPiece(i);
      if (pieceEnd - i > pieceMax || !Words.isSpacedLetter(text.codePointAt(i))) {
        endRun();
      } else {
        take(i, pieceEnd);
      }
      i = skipGap(pieceEnd);
    }
    endRun();
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private void take(int piece, int pieceEnd) {
    int gap = piece - end;
    if (pieces > 0 && gap > GAP_MAX) {
      endRun();
    }
    if (pieces == 0) {
      start = piece;
      letters = 0;
      narrowest = Integer.MAX_VALUE;
      spaceless = false;
    } else {
      narrowest = Math.min(narrowest, gap);
      spaceless |= !hasSpace(end, piece);
    }
    end = pieceEnd;
    pieces++;
    letters += Character.isLetter(text.codePointAt(piece)) ? 1 : 0;
  }

  private void endRun() {
    if (pieces >= PIECES_MIN && letters * 2 >= pieces) { // else a number: v 6.1
      StringBuilder joined = out == null ? new StringBuilder(text.length()) : out;
      write(joined.append(text, copied, start));
      out = joined;
      copied = end;
    }
    pieces = 0;
  }

  private void write(StringBuilder joined) {
    int piece = start;
    while (piece < end) {
      int pieceEnd = skipPiece(piece);
      joined.append(text, piece, pieceEnd);
      int next = skipGap(pieceEnd);
      if (next < end && keepWideGaps && partsWords(piece, pieceEnd, next)) {
        joined.append(' ');
      }
      piece = next;
    }
  }

  private boolean partsWords(int piece, int gap, int next) {
    boolean article = piece == start && gap - piece == 1 && "aAiI".indexOf(text.charAt(piece)) >= 0;
    return article || next - gap > narrowest || (spaceless && hasSpace(gap, next));
  }

  private boolean hasSpace(int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private int skipGap(int from) {
    int i = from;
    while (i < text.length() && !Words.isWordPart(text.codePointAt(i))) {
      i += Character.charCount(text.codePointAt(i));
    }
    return i;
  }

  private int skipPiece(int from) {
    int i = from;
    while (i < text.length() && Words.isWordPart(text.codePointAt(i))) {
      i += Character.charCount(text.codePointAt(i));
    }
    return i;
  }
}
