package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;

/**
 * One part of a form.
 *
 * @param name of the field: letters, digits, {@code _ - .}, and brackets after them
 * @param file true when it has a file name
 * @param nameStart offset of the file name's first byte; the same as its end when there is none
 * @param nameEnd offset after its last byte
 * @param start offset of the content's first byte
 * @param end offset after its last byte
 */
record FormPart(String name, boolean file, int nameStart, int nameEnd, int start, int end) {
  /** The place, for the record. */
  String where() {
    return (file ? FormSelector.FILE : FormSelector.FORM) + name;
  }

  /** The state of the part in an automaton. */
  int state(Automaton automaton) {
    byte[] kind =
        (file ? FormSelector.FILE : FormSelector.FORM).getBytes(StandardCharsets.US_ASCII);
    byte[] field = name.getBytes(StandardCharsets.US_ASCII);
    int under = automaton.member(Automaton.ROOT, kind, 0, kind.length);
    return automaton.member(under, field, 0, field.length);
  }

  /** True when the field holds a list by the custom of PHP, Rails and the OpenAI SDKs. */
  boolean list() {
    return name.endsWith("[]");
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "FormPart[" + where() + ", " + (end - start) + " bytes]";
  }
}
