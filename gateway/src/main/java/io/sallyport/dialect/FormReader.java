package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/**
 * Reads one {@code multipart/form-data} request: its fields as strictly as strings of JSON, its
 * files as images. An unclaimed field is swept, an unclaimed file refused.
 */
final class FormReader {
  private FormReader() {}

  static Reading read(String contentType, byte[] body, RequestRules rules, ReadLimits limits) {
    Optional<byte[]> boundary = FormType.boundary(contentType);
    if (boundary.isEmpty()) {
      return new Reading.Unreadable(Defect.MALFORMED_FORM, "content-type");
    }
    List<FormPart> parts;
    try {
      parts = FormParts.read(body, boundary.get());
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), "");
    }
    FormFields fields = new FormFields(body, parts, rules.automaton());
    return new RequestReader(body, fields, rules, limits.withRequestUrls(false)).read();
  }
}
