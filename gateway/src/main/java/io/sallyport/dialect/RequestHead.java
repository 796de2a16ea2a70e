package io.sallyport.dialect;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What of a request's head a route may make claims on.
 *
 * @param path the raw path, one that the route claims
 * @param query what follows {@code ?}, not decoded, one that the route claims; empty for none
 * @param headers the values of {@link Route#headers}, by lower-case name
 */
public record RequestHead(String path, String query, Map<String, List<String>> headers) {
  public RequestHead {
    headers = Map.copyOf(headers);
  }

  /** The values of a header field, in order. */
  List<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** Content never reaches a log by accident: queries hold texts. */
  @Override
  public String toString() {
    return "RequestHead";
  }
}
