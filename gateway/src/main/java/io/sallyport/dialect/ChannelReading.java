package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/** What was found in one message of a channel. */
public sealed interface ChannelReading {

  /**
   * What a message is about.
   *
   * @param job the job that it names; empty when it names none
   * @param shared true when it is nobody's, and may pass to everybody
   * @param ends true when the job is over with it
   */
  record About(Optional<String> job, boolean shared, boolean ends) {
    static final About UNSAID = new About(Optional.empty(), false, false);
  }

  /** A message without images. */
  record Plain(About about) implements ChannelReading {}

  /**
   * A message with images.
   *
   * @param images at least one; their ranges are in the message
   * @param preview true when the dialect calls them previews
   */
  record Images(About about, List<ImagePart> images, boolean preview) implements ChannelReading {
    public Images {
      images = List.copyOf(images);
    }
  }

  /** A message that goes no further: of no known kind, or of one that the dialect drops. */
  record Dropped() implements ChannelReading {}

  /**
   * A message of a known kind that cannot be judged.
   *
   * @param where the JSON Pointer or a word for the place; empty when unknown
   */
  record Unreadable(About about, Defect defect, String where) implements ChannelReading {}
}
