package io.sallyport.dialect;

/**
 * How much a body may hold; a body beyond any of these is refused.
 *
 * @param textChars UTF-16 units of one text
 * @param allTextChars UTF-16 units of all texts together
 * @param texts number of texts
 * @param images number of images
 * @param values number of JSON values and member names of a request; bounds the memory that finding
 *     duplicate names takes
 * @param depth containers inside one another, 1 to {@value JsonCursor#DEPTH_MAX}
 * @param requestUrls whether URLs of images in requests are told, to be fetched; else refused
 */
public record ReadLimits(
    int textChars,
    int allTextChars,
    int texts,
    int images,
    int values,
    int depth,
    boolean requestUrls) {
  public ReadLimits {
    if (Math.min(Math.min(textChars, allTextChars), Math.min(texts, values)) < 1 || images < 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (depth < 1 || depth > JsonCursor.DEPTH_MAX) {
      throw new IllegalArgumentException("depth must be 1 to " + JsonCursor.DEPTH_MAX);
    }
  }

  /** Limits of bodies whose URLs are not followed. */
  public ReadLimits(int textChars, int allTextChars, int texts, int images, int values, int depth) {
    this(textChars, allTextChars, texts, images, values, depth, false);
  }

  /** The same with URLs of images in requests. */
  public ReadLimits withRequestUrls(boolean told) {
    return new ReadLimits(textChars, allTextChars, texts, images, values, depth, told);
  }

  /** OpenAI's longest prompt, four such texts in all, and api-shapes rule 13. */
  public static ReadLimits defaults() {
    return new ReadLimits(32_000, 128_000, 256, 64, 100_000, JsonCursor.DEPTH_MAX);
  }
}
