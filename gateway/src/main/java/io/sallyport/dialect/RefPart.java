package io.sallyport.dialect;

/**
 * A file that a request names instead of bringing it: uploaded before, or made by the service.
 *
 * @param name as the request spells it; see {@link Naming#key}
 * @param where the place: a JSON Pointer, or a word for a part of another kind of body
 */
public record RefPart(String name, String where) {
  /** Names of files may be content, and never reach a log. */
  @Override
  public String toString() {
    return "RefPart[" + where + "]";
  }
}
