package io.sallyport.proxy;

/** One block of a stream of events, as far as its way to the client depends on it. */
sealed interface StreamedEvent {
  /** Comments only. */
  record Comment() implements StreamedEvent {}

  /** An event without images. */
  record Plain() implements StreamedEvent {}

  /**
   * An event with images.
   *
   * @param preview true when the dialect calls them previews of one that is still to come
   * @param release gives back the memory of what was fetched; once, when the images were judged
   */
  record Pictured(Steps.Images images, boolean preview, Runnable release)
      implements StreamedEvent {}

  /** An event that goes no further. */
  record Dropped() implements StreamedEvent {}
}
