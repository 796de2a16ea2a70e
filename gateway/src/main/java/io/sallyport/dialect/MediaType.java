package io.sallyport.dialect;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Type}, as far as it matters here.
 *
 * @param essence {@code type/subtype} in lower case
 * @param plain true when the text is UTF-8 (or ASCII) and no other parameter says otherwise;
 *     Stability's {@code type=image/png} tells only what its JSON holds
 */
record MediaType(String essence, boolean plain) {
  private static final Pattern FORM =
      Pattern.compile(
          "\\s*([A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+)\\s*(?:;\\s*"
              + "(?:charset=(\"?)(utf-8|utf8|us-ascii)\\2|type=(\"?)image/[a-z]{1,16}\\4)?\\s*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ESSENCE =
      Pattern.compile("\\s*([A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+)\\s*(?:;.*)?");

  /** What nearly every body is; the general case costs two regular expressions. */
  private static final String JSON = "application/json";

  private static final Optional<MediaType> PLAIN_JSON = Optional.of(new MediaType(JSON, true));

  /** What a header value says; empty when there is none or it is not one media type. */
  static Optional<MediaType> of(@Nullable String header) {
    if (JSON.equals(header)) {
      return PLAIN_JSON;
    }
    if (header == null || header.length() > 256) {
      return Optional.empty();
    }
    Matcher essence = ESSENCE.matcher(header);
    return essence.matches()
        ? Optional.of(
            new MediaType(
                essence.group(1).toLowerCase(Locale.ROOT), FORM.matcher(header).matches()))
        : Optional.empty();
  }

  /** A picture, whatever kind it says to be of. */
  boolean image() {
    return essence.startsWith("image/");
  }

  /** {@code application/json} or a type built on it. */
  boolean json() {
    return essence.equals(JSON) || essence.endsWith("+json");
  }
}
