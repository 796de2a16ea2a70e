package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/**
 * Looks for an image in what a reader puts together from the texts of many events, none of which
 * looks like one by itself. Belongs to one stream.
 */
final class SpreadText {
  /** Enough for a run of base64 to be seen that ends in the next text. */
  private static final int TAIL = Looks.BASE64_RUN;

  private byte[] tail = {};

  /** Adds the claimed texts of one event; true when they end, or hold, an image. */
  boolean joinsToAnImage(List<TextPart> texts) {
    boolean found = false;
    for (TextPart text : texts) {
      byte[] more = text.value().getBytes(UTF_8);
      byte[] joined = Arrays.copyOf(tail, tail.length + more.length);
      System.arraycopy(more, 0, joined, tail.length, more.length);
      found |= Looks.likeImage(joined, 0, joined.length);
      tail = Arrays.copyOfRange(joined, Math.max(0, joined.length - TAIL), joined.length);
    }
    return found;
  }
}
