package io.sallyport.dialect;

/** What a route does, and so what must be judged. */
public enum Effect {
  /** Makes images, or texts of images, of what the request brings. */
  GENERATE,
  /** Answers without images (a list of models): the reply is swept, nothing is expected. */
  STATIC,
  /**
   * Tells the server something (stop) and makes nothing: the request must hold nothing to judge,
   * and the reply is swept. About a job, only its owner may.
   */
  CONTROL,
  /** Judges and answers; nothing goes upstream. */
  MODERATE,
  /** Hands out an image that was made before: GET, no body; judged as it leaves. */
  FETCH,
  /** Brings one image to be kept: judged before it goes upstream, and known by its name later. */
  UPLOAD,
  /**
   * Asks for images that are collected later, or perhaps at once: judged as with {@link #GENERATE},
   * and the job belongs to whoever asked.
   */
  CREATE_JOB,
  /** Asks how a job stands, or for what it made: only its owner may, and images are judged. */
  POLL,
  /** Lists everybody's jobs: GET; answered with those of who asks, and images are judged. */
  LIST,
  /** Opens a WebSocket: its messages are judged one by one. */
  CHANNEL,
  /** Known, and refused: a side door, or the control of a server. */
  DENY
}
