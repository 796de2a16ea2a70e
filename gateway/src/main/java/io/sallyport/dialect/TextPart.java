package io.sallyport.dialect;

import java.util.Locale;

/**
 * One text of a request.
 *
 * @param value the decoded text
 * @param role what it does
 * @param where the JSON Pointer of the place, for the record; never holds content of values
 */
public record TextPart(String value, Role role, String where) {
  /** What a text does in its request. */
  public enum Role {
    POSITIVE,
    NEGATIVE,
    CONTEXT,
    STYLE,
    /** Not claimed by the dialect; judged like positive text. */
    UNKNOWN;

    /** The name in dialect files and the record. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The same text as one that says what to make, if it said what not to make. */
  TextPart asPrompt() {
    return role == Role.NEGATIVE ? new TextPart(value, Role.POSITIVE, where) : this;
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "TextPart[" + where + ", " + role + ", " + value.length() + " chars]";
  }
}
