package io.sallyport.dialect;

/** What to do with URLs of a reply that no selector claims. */
enum Urls {
  /** Refuse every one. */
  REFUSE,
  /** Refuse those that look like an image's. */
  REFUSE_IMAGES
}
