package io.sallyport.dialect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a reply's head decides how its body is read.
 *
 * @param contentType the header's value, or null when there is none
 * @param headers the values of {@link Route#replyHeaders}, by lower-case name
 */
public record ReplyHead(
    int status, @Nullable String contentType, Map<String, List<String>> headers) {
  public ReplyHead {
    headers = Map.copyOf(headers);
  }

  /** The values of a header field, in order. */
  List<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }
}
