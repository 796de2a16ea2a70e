package io.sallyport.dialect;

import java.util.List;

/** What was found in one block of an event stream. */
public sealed interface EventReading {

  /** Nothing that a reader would hand on: comments, or fields without data. */
  record Comment() implements EventReading {}

  /** An event without images. */
  record Plain() implements EventReading {}

  /**
   * An event with images, in it or elsewhere: at least one.
   *
   * @param data where the parts' ranges are
   * @param links images that are elsewhere: to be fetched before the event goes on
   * @param preview true when the dialect calls them previews
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Images(byte[] data, List<ImagePart> images, List<LinkPart> links, boolean preview)
      implements EventReading {
    public Images {
      images = List.copyOf(images);
      links = List.copyOf(links);
    }

    /** Content never reaches a log by accident. */
    @Override
    public String toString() {
      return "Images[" + images.size() + ", " + links.size() + ", preview=" + preview + "]";
    }
  }

  /** An event that goes no further. */
  record Dropped() implements EventReading {}

  /** Bytes that readers of event streams take differently. */
  record Malformed() implements EventReading {}

  /**
   * An event that is refused.
   *
   * @param where the JSON Pointer or a word for the place; empty when unknown
   */
  record Unreadable(Defect defect, String where) implements EventReading {}
}
