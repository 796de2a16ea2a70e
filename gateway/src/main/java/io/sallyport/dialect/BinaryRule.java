package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one kind of binary message holds: the number of its event, and then its pieces, all numbers
 * unsigned, of 32 bits, the highest byte first.
 *
 * @param pieces in order, the rest last; none when the message goes no further
 * @param preview when its image is a preview
 * @param job where a JSON piece names the job that it is about
 * @param json what a JSON piece may hold
 */
record BinaryRule(
    long event, List<Piece> pieces, Preview preview, Optional<MemberPath> job, ReplyRule json) {
  static final int WORD = 4;

  BinaryRule {
    pieces = List.copyOf(pieces);
  }

  /** What follows what. */
  enum Piece {
    /** A number. */
    NUMBER,
    /** The length of a text, and the text. */
    TEXT,
    /** The length of a JSON value, and the value. */
    JSON,
    /** An image, to the end. */
    REST_IMAGE,
    /** A text, to the end. */
    REST_TEXT;

    boolean isRest() {
      return this == REST_IMAGE || this == REST_TEXT;
    }
  }

  /**
   * When an image is a preview of one that is still to come.
   *
   * @param always of every message of the kind
   * @param unless of those whose first number is another than this
   */
  record Preview(boolean always, Optional<Long> unless) {
    static final Preview NEVER = new Preview(false, Optional.empty());
  }

  /**
   * A piece of a message.
   *
   * @param start offset of its first byte, after any length
   * @param end offset after its last one
   */
  record Range(Piece piece, int start, int end) {}

  boolean drops() {
    return pieces.isEmpty();
  }

  /**
   * Cuts a message of this kind.
   *
   * @throws UnreadableException when it is shorter than it says
   */
  List<Range> cut(byte[] message) {
    List<Range> ranges = new ArrayList<>(pieces.size());
    int at = WORD;
    for (Piece piece : pieces) {
      int start = piece == Piece.TEXT || piece == Piece.JSON ? at + WORD : at;
      int end =
          switch (piece) {
            case NUMBER -> after(message, at, WORD);
            case TEXT, JSON -> after(message, start, number(message, at));
            case REST_IMAGE, REST_TEXT -> message.length;
          };
      ranges.add(new Range(piece, start, end));
      at = end;
    }
    return ranges;
  }

  boolean isPreview(byte[] message, List<Range> ranges) {
    return preview.always()
        || preview
            .unless()
            .filter(
                last ->
                    ranges.stream()
                        .filter(it -> it.piece() == Piece.NUMBER)
                        .noneMatch(it -> number(message, it.start()) == last))
            .isPresent();
  }

  private static int after(byte[] message, int start, long length) {
    if (start > message.length || length > message.length - start) {
      throw new UnreadableException(Defect.MISSING_FIELD);
    }
    return (int) (start + length);
  }

  /**
   * The number at an offset.
   *
   * @throws UnreadableException when the message ends before
   */
  static long number(byte[] message, int at) {
    if (message.length - WORD < at) {
      throw new UnreadableException(Defect.MISSING_FIELD);
    }
    return (message[at] & 0xFFL) << 24
        | (message[at + 1] & 0xFF) << 16
        | (message[at + 2] & 0xFF) << 8
        | (message[at + 3] & 0xFF);
  }
}
