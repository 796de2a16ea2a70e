package io.sallyport.dialect;

import java.util.Arrays;

/**
 * Cuts a stream of server-sent events (WHATWG HTML §9.2) into its blocks, whatever the pieces in
 * which it arrives. Belongs to one stream and one thread at a time; holds nothing between events.
 *
 * <p>Lines end with LF or CRLF, or all of them with CR. A stream that has both a lone CR and a LF
 * is malformed: readers that know only one of them would see other events than those that know
 * both.
 */
public final class EventSplitter {
  private static final byte[] NOTHING = {};

  /** What the bytes so far hold. */
  public sealed interface Split {
    /** A whole block. */
    record Found(EventFrame frame) implements Split {}

    /** The next block is not whole; more bytes are needed. */
    record Starved() implements Split {}

    /** Readers differ in where lines end. The stream is over. */
    record Malformed() implements Split {}
  }

  private enum LineEnds {
    UNKNOWN,
    LF,
    CR
  }

  private final int most;
  private byte[] held = NOTHING;
  private int from;
  private int length;
  private int at;
  private int lineStart;
  private LineEnds ends = LineEnds.UNKNOWN;
  private boolean first = true;

  /**
   * @param most bytes that may be held at once, and so those of the longest block
   */
  public EventSplitter(int most) {
    this.most = most;
  }

  /** Bytes held: those of blocks not yet asked for, and the beginning of one not yet whole. */
  public int held() {
    return length - from;
  }

  /**
   * Adds a piece of the stream.
   *
   * @param piece is the splitter's from now on
   * @return false, with nothing added, when more bytes would be held than may be
   */
  public boolean feed(byte[] piece) {
    int kept = held();
    if (piece.length > most - kept) {
      return false;
    }
    if (kept == 0) {
      rebase(piece, piece.length);
    } else {
      byte[] room = held;
      if (kept + piece.length > held.length) {
        room = new byte[(int) Math.min(most, Math.max(kept + piece.length, 2L * kept))];
      }
      System.arraycopy(held, from, room, 0, kept);
      System.arraycopy(piece, 0, room, kept, piece.length);
      rebase(room, kept + piece.length);
    }
    return true;
  }

  /** Looks for the next block. */
  public Split next() {
    while (at < length) {
      byte b = held[at];
      if (b != '\n' && b != '\r') {
        at++;
      } else if (b == '\r' && ends != LineEnds.CR && at + 1 == length) {
        return new Split.Starved();
      } else if (b == '\r' && ends != LineEnds.CR && held[at + 1] == '\n') {
        at++;
      } else if (!consistent(b)) {
        return new Split.Malformed();
      } else if (lineEnds()) {
        return new Split.Found(frame());
      }
    }
    return new Split.Starved();
  }

  private boolean consistent(byte end) {
    LineEnds now = end == '\n' ? LineEnds.LF : LineEnds.CR;
    if (ends == LineEnds.UNKNOWN) {
      ends = now;
    }
    return ends == now;
  }

  /** Goes over the end of a line; true when the line is blank. */
  private boolean lineEnds() {
    boolean pair = held[at] == '\n' && at > lineStart && held[at - 1] == '\r';
    boolean blank = (pair ? at - 1 : at) == lineStart;
    at++;
    lineStart = at;
    return blank;
  }

  private EventFrame frame() {
    EventFrame frame;
    if (from == 0 && at > length / 2) {
      frame = new EventFrame(held, at, first);
      held = at == length ? NOTHING : Arrays.copyOfRange(held, at, length);
      length = held.length;
      at = 0;
      lineStart = 0;
    } else {
      frame = new EventFrame(Arrays.copyOfRange(held, from, at), at - from, first);
      from = at;
      if (from == length) {
        rebase(NOTHING, 0);
      }
    }
    first = false;
    return frame;
  }

  private void rebase(byte[] bytes, int count) {
    held = bytes;
    length = count;
    at -= from;
    lineStart -= from;
    from = 0;
  }
}
