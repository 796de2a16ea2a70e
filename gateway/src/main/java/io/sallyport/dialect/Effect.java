package io.sallyport.dialect;

/** What a route does, and so what must be judged. */
public enum Effect {
  /** Makes images, or texts of images, of what the request brings. */
  GENERATE,
  /** Answers without images (a list of models): the reply is swept, nothing is expected. */
  STATIC,
  /**
   * Tells the server something (stop) and makes nothing: the request must hold nothing to judge,
   * and the reply is swept.
   */
  CONTROL,
  /** Judges and answers; nothing goes upstream. */
  MODERATE,
  /** Hands out an image that was made before: GET, no body; judged as it leaves. */
  FETCH,
  /** Brings one image to be kept: judged before it goes upstream, and known by its name later. */
  UPLOAD,
  /** Known, and refused: a side door, or the control of a server. */
  DENY
}
