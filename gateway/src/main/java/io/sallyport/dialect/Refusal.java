package io.sallyport.dialect;

import java.util.Map;

/**
 * An answer in the API's own error shape.
 *
 * @param status the HTTP status
 * @param headers lower-case names; always with {@code content-type}
 * @param body UTF-8 JSON
 */
public record Refusal(int status, Map<String, String> headers, byte[] body) {
  public Refusal {
    headers = Map.copyOf(headers);
  }
}
