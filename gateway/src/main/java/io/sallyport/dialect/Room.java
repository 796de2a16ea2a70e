package io.sallyport.dialect;

/** Memory for what is made of a body while it is read, beside the body itself. */
@FunctionalInterface
public interface Room {
  /** As much as the caps of reading allow. */
  Room UNBOUNDED = bytes -> {};

  /**
   * Asks for room for so many bytes more, before they are taken. What it throws when there is none
   * ends the reading, and reaches whoever asked to read.
   */
  void take(int bytes);
}
