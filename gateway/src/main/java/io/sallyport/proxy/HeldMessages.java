package io.sallyport.proxy;

import io.sallyport.dialect.ImagePart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The messages of a channel that wait with a preview, in order. They count in the budget where they
 * were read. Lives on the channel's event loop.
 */
final class HeldMessages {
  private final long bytesMax;
  private final int imagesMax;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long bytes;
  private int images;

  /**
   * @param bytesMax of all that waits
   * @param imagesMax of all that waits
   */
  HeldMessages(long bytesMax, int imagesMax) {
    this.bytesMax = bytesMax;
    this.imagesMax = imagesMax;
  }

  /**
   * One that waits.
   *
   * @param images none when it is no preview
   */
  record Waiting(ChannelMessage message, List<ImagePart> images) {
    Waiting {
      images = List.copyOf(images);
    }

    boolean isPreview() {
      return !images.isEmpty();
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Lets a message wait; false when that is too much. */
  boolean add(Waiting one) {
    waiting.add(one);
    bytes += one.message().length();
    images += one.images().size();
    return bytes <= bytesMax && images <= imagesMax;
  }

  /** All that waited, which waits no longer. */
  List<Waiting> take() {
    List<Waiting> all = new ArrayList<>(waiting);
    waiting.clear();
    bytes = 0;
    images = 0;
    return all;
  }
}
