package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Streams of events in pieces, and what a splitter makes of them. */
final class EventPieces {
  private EventPieces() {}

  /** The blocks of a stream that arrives in two pieces. */
  static String in(byte[] stream, int cut) {
    return told(
        List.of(Arrays.copyOf(stream, cut), Arrays.copyOfRange(stream, cut, stream.length)));
  }

  /** The blocks of a stream that arrives in pieces of one size. */
  static String ofSize(byte[] stream, int size) {
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < stream.length; from += size) {
      pieces.add(Arrays.copyOfRange(stream, from, Math.min(stream.length, from + size)));
    }
    return told(pieces);
  }

  /** Each block with its line ends spelled, then how the stream ended. */
  private static String told(List<byte[]> pieces) {
    List<String> blocks = new ArrayList<>();
    EventSplitter splitter = new EventSplitter(1 << 20);
    for (byte[] piece : pieces) {
      splitter.feed(piece.clone());
      for (var split = splitter.next(); !(split instanceof EventSplitter.Split.Starved); ) {
        switch (split) {
          case EventSplitter.Split.Found(EventFrame frame) -> blocks.add(text(frame));
          case EventSplitter.Split.Malformed malformed -> {
            blocks.add("malformed");
            return String.join(" ", blocks);
          }
          case EventSplitter.Split.Starved starved -> throw new AssertionError();
        }
        split = splitter.next();
      }
    }
    if (splitter.held() > 0) {
      blocks.add("+" + splitter.held());
    }
    return String.join(" ", blocks);
  }

  private static String text(EventFrame frame) {
    return new String(frame.bytes(), 0, frame.length(), ISO_8859_1)
        .replace('\n', 'N')
        .replace('\r', 'R');
  }
}
