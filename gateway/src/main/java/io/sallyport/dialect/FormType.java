package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Content-Type} of a form: {@code multipart/form-data} with a boundary and nothing else.
 *
 * <p>A boundary is 1 to 70 characters of RFC 2046 §5.1.1 without the space, which readers trim
 * differently; outside of quotes only those that are also a token of RFC 9110 §5.6.2. No other
 * parameter: with a {@code charset} some servers read the whole form in it.
 */
final class FormType {
  /** The only type that this is about. */
  static final String ESSENCE = "multipart/form-data";

  private static final Pattern CLAIMED = Pattern.compile("(?i)multipart/form-data(?: *;.*)?");

  private static final Pattern FORM =
      Pattern.compile(
          "(?i:multipart/form-data); ?boundary="
              + "(?:([0-9A-Za-z'+_.-]{1,70})|\"([0-9A-Za-z'()+_,./:=?-]{1,70})\")");

  private FormType() {}

  /** True when the header says that the body is a form, well or badly. */
  static boolean isClaimed(String contentType) {
    return CLAIMED.matcher(contentType).matches();
  }

  /** The boundary; empty when the header has another spelling than the one that all read alike. */
  static Optional<byte[]> boundary(String contentType) {
    Matcher form = FORM.matcher(contentType);
    if (!form.matches()) {
      return Optional.empty();
    }
    String boundary = form.group(1) != null ? form.group(1) : form.group(2);
    return Optional.of(boundary.getBytes(StandardCharsets.US_ASCII));
  }
}
