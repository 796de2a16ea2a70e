package io.sallyport.dialect;

/** What a route does, and so what must be judged. */
public enum Effect {
  /** Makes images from a prompt. */
  GENERATE,
  /** Answers without images (a list of models): the reply is swept, nothing is expected. */
  STATIC,
  /** Judges and answers; nothing goes upstream. */
  MODERATE,
  /** Hands out an image that was made before: GET, no body; judged as it leaves. */
  FETCH
}
