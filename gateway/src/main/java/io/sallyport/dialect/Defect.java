package io.sallyport.dialect;

import java.util.Locale;

/** Why a body cannot be read. Closed, because each is a metric label and a test. */
public enum Defect {
  /** Not JSON by RFC 8259, or data after the value. */
  MALFORMED_JSON,
  /** Not well-formed UTF-8. */
  NOT_UTF8,
  /** A name twice in one object or form: readers differ in which one they take. */
  DUPLICATE_KEY,
  /** Nested deeper than the cap. */
  TOO_DEEP,
  /** A claimed field holds another JSON type than the dialect says. */
  WRONG_TYPE,
  /** A field without which there is nothing to judge. */
  MISSING_FIELD,
  /** A text longer than the cap. */
  TEXT_TOO_LONG,
  /** More values or texts than the cap. */
  TOO_MANY_VALUES,
  /** More images than the cap. */
  TOO_MANY_IMAGES,
  /** A form of another spelling than the one that all readers take alike (RFC 7578). */
  MALFORMED_FORM,
  /** A part of a form in an encoding or charset that some servers undo and some do not. */
  PART_ENCODING,
  /** A ZIP archive of another shape than the one that all readers take alike. */
  MALFORMED_ZIP,
  /** An archive that unpacks to more than is judged. */
  UNPACKS_TOO_LARGE,
  /** A content type that the route does not claim. */
  CONTENT_TYPE,
  /**
   * A field or value that asks for something not judged here (streams, URLs, opaque extensions).
   */
  NOT_JUDGED,
  /** A node of a graph whose class is not let by: it fetches, runs or hides what is not judged. */
  DENIED_NODE,
  /** Not what its content coding says, or something that decoders read differently. */
  BAD_CODING,
  /** Much larger without its content coding than any body of use. */
  EXPANSION,
  /** Base64 that decoders read differently, or not at all. */
  BAD_BASE64,
  /** A text at a place that the dialect does not claim, where the operator has those refused. */
  UNCLAIMED_TEXT,
  /** A data URI that declares anything but a picture that is judged here. */
  DECLARED_TYPE,
  /** Something that looks like an image at a place that the dialect does not claim. */
  UNCLAIMED_IMAGE;

  /** The name in metrics and the record. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
