package io.sallyport.dialect;

import java.util.List;
import java.util.regex.Pattern;

/** What a dialect says about a place in a body. */
sealed interface Claim {

  /** Nothing: the place is swept. */
  record Unclaimed() implements Claim {}

  /**
   * A text to judge.
   *
   * @param selector as written, to name the place when it is missing
   */
  record Text(TextPart.Role role, boolean required, String selector) implements Claim {}

  /** An image to judge. */
  record Image(Form as) implements Claim {}

  /**
   * A file of a form, which is an image to judge.
   *
   * @param repeated true when several files of the name are expected
   */
  record File(boolean repeated) implements Claim {}

  /** A string that holds JSON, whose inside is claimed like what stands below the place. */
  record Json() implements Claim {}

  /** The name of the end user. */
  record User() implements Claim {}

  /** A value that carries neither text nor image while it fits; otherwise it is swept. */
  record Plain(Pattern fits) implements Claim {}

  /** A value that must be one of a few, as JSON spells them ({@code "b64_json"}, {@code false}). */
  record Only(List<String> allowed) implements Claim {
    public Only {
      allowed = List.copyOf(allowed);
    }
  }

  /** A field that must be absent or null: what it asks for cannot be judged. */
  record Opaque() implements Claim {}

  /**
   * An echo in a reply, of a request that was judged, or data that is no picture: let by unless it
   * is an image.
   */
  record Ignored() implements Claim {}

  /** The id of a job. */
  record JobId() implements Claim {}

  /** A URL in a reply that is written anew, so that it leads here. */
  record Address(UrlEdit.To to) implements Claim {}

  /** How an image is written. */
  enum Form {
    /** Base64 and nothing else. */
    BASE64,
    /** A {@code data:} URI with base64. */
    DATA_URI,
    /** Either, or a URL where the reply is one whose URLs are fetched; elsewhere it is refused. */
    AUTO,
    /** As {@link #AUTO}, where the string looks like an image; another one is swept. */
    MAYBE,
    /** A URL, or a {@code data:} URI: only in replies whose URLs are fetched. */
    URL,
    /** The bytes themselves: the whole body of a reply. */
    BYTES,
    /** The name of a file that was uploaded before: only in requests. */
    REF
  }
}
