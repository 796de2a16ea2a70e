package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fields of one event, read so strictly that no reader takes them differently.
 *
 * @param name of the event; empty when there is none
 * @param said false when there is no data at all: readers dispatch nothing then
 * @param data all lines of data, joined with LF
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record EventFields(String name, boolean said, byte[] data) {
  /** What proxies and servers write to keep a connection open. */
  private static final Pattern COMMENT = Pattern.compile("[\\t -~]{0,200}");

  /** What some readers take for the end of a line, though it is none. */
  private static final Pattern LINE_END = Pattern.compile("[\\u0085\\u2028\\u2029]");

  private static final Pattern NAME = Pattern.compile("[!-~]{0,128}");
  private static final Pattern ID = Pattern.compile("[ -~]{0,200}");
  private static final Pattern RETRY = Pattern.compile("[0-9]{1,9}");

  /** The fields; empty when the block holds something else, or something twice. */
  static Optional<EventFields> of(EventFrame frame) {
    try {
      Reader reader = new Reader(frame);
      return reader.read() ? Optional.of(reader.fields()) : Optional.empty();
    } catch (UnreadableException e) {
      return Optional.empty();
    }
  }

  /** True when the data is this text exactly. */
  boolean is(String text) {
    return Arrays.equals(data, text.getBytes(StandardCharsets.UTF_8));
  }

  /** True when the data can be nothing but a JSON object. */
  boolean isObject() {
    return firstByte() == '{';
  }

  /** True when the data begins as a message in words does, and no JSON, and is one line. */
  boolean isText() {
    int first = firstByte() | 0x20;
    return first >= 'a'
        && first <= 'z'
        && !LINE_END.matcher(new String(data, StandardCharsets.UTF_8)).find();
  }

  private char firstByte() {
    int i = 0;
    while (i < data.length && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t')) {
      i++;
    }
    return i < data.length ? (char) (data[i] & 0xFF) : 0;
  }

  /** Goes over a block's lines. Belongs to one thread. */
  private static final class Reader {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final byte[] bytes;
    private final int length;
    private final boolean first;
    private String name = "";
    private boolean named;
    private boolean numbered;
    private boolean paced;
    private int lines;
    private byte[] data = {};
    private int filled;

    Reader(EventFrame frame) {
      this.bytes = frame.bytes();
      this.length = frame.length();
      this.first = frame.first();
    }

    EventFields fields() {
      byte[] exact = data.length == filled ? data : Arrays.copyOf(data, filled);
      return new EventFields(name, lines > 0, exact);
    }

    /** False at the first line that is none. */
    boolean read() {
      boolean marked = first && Arrays.equals(bytes, 0, Math.min(3, length), MARK, 0, 3);
      int start = marked ? 3 : 0;
      while (start < length) {
        int end = lineEnd(start);
        if (end > start && !line(start, end)) {
          return false;
        }
        boolean pair = bytes[end] == '\r' && end + 1 < length && bytes[end + 1] == '\n';
        start = end + (pair ? 2 : 1);
      }
      return true;
    }

    /** The offset of the line's end; every byte before it is checked. */
    private int lineEnd(int start) {
      int i = start;
      while (bytes[i] != '\n' && bytes[i] != '\r') {
        if (bytes[i] >= ' ' || bytes[i] == '\t') {
          i++;
        } else if (bytes[i] < 0) {
          i = Utf8.next(bytes, i, length);
        } else {
          throw new UnreadableException(Defect.NOT_UTF8);
        }
      }
      return i;
    }

    private boolean line(int start, int end) {
      int colon = start;
      while (colon < end && bytes[colon] != ':') {
        colon++;
      }
      int value = Math.min(end, colon + 1);
      if (value < end && bytes[value] == ' ') {
        value++;
      }
      return switch (text(start, Math.min(colon, start + 8))) {
        case "" -> fits(COMMENT, value, end);
        case "data" -> data(value, end);
        case "event" -> event(value, end);
        case "id" -> {
          boolean again = numbered;
          numbered = true;
          yield !again && fits(ID, value, end);
        }
        case "retry" -> {
          boolean again = paced;
          paced = true;
          yield !again && fits(RETRY, value, end);
        }
        default -> false;
      };
    }

    /** All lines together are no longer than the block. */
    private boolean data(int start, int end) {
      if (lines++ == 0) {
        data = Arrays.copyOfRange(bytes, start, end);
        filled = data.length;
        return true;
      }
      if (lines == 2) {
        data = Arrays.copyOf(data, length);
      }
      data[filled++] = '\n';
      System.arraycopy(bytes, start, data, filled, end - start);
      filled += end - start;
      return true;
    }

    private boolean event(int start, int end) {
      boolean again = named;
      named = true;
      if (again || !fits(NAME, start, end)) {
        return false;
      }
      name = text(start, end);
      return true;
    }

    private boolean fits(Pattern pattern, int start, int end) {
      return end - start <= 256
          && pattern.matcher(text(start, end)).matches()
          && !Looks.likeImage(bytes, start, end);
    }

    private String text(int start, int end) {
      return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
  }
}
