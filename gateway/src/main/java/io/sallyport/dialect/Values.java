package io.sallyport.dialect;

/**
 * The values of a body, one after another, and what the dialect claims at each: a {@link Walk}
 * through JSON, that and the tensors after it, or the fields of a form. Belongs to one thread.
 */
sealed interface Values permits Walk, FormFields, TensorValues {
  /** Goes on to the next token. */
  JsonCursor.Token next();

  /** What the dialect claims at the value just met. */
  Claim claim();

  /** True when selectors go on below the value just met. */
  boolean goesDeeper();

  /** True when the scalar just met is an element of an array. */
  boolean inArray();

  /** Offset of the token's first byte; of a key or string, after its quote. */
  int start();

  /** Offset after the token's last byte; of a key or string, of its closing quote. */
  int end();

  /** True when the key or string holds JSON escapes. */
  boolean escaped();

  /** The key or string just met. */
  String text();

  /** The name of the nearest member or field around the present place; empty when there is none. */
  String nearestName();

  /** The present place, for the record: a JSON Pointer, or of a form {@code form:NAME}. */
  String where();

  /**
   * A walk of the JSON that the string just met holds, as if it stood at the present place.
   *
   * @param json the string's text
   */
  Walk inside(byte[] json, ReadLimits limits);

  /** The bytes just met as they are. */
  default ImagePart raw() {
    return new ImagePart.Raw(start(), end(), where());
  }
}
