package io.sallyport.yaml;

/**
 * One thing wrong in a file of the operator's.
 *
 * @param file the file as the operator would name it
 * @param line 1-based line, or 0 when the problem is the whole file's
 * @param message what is wrong, lower case, without a final stop
 */
public record Problem(String file, int line, String message) {

  /** {@code file:line: message}, the form that editors and terminals make clickable. */
  @Override
  public String toString() {
    return line > 0 ? file + ":" + line + ": " + message : file + ": " + message;
  }
}
