package io.sallyport.dialect;

import java.util.HashMap;
import java.util.Map;

/**
 * An answer in the API's own error shape.
 *
 * @param status the HTTP status
 * @param headers lower-case names; always with {@code content-type} and {@code x-request-id}
 * @param body UTF-8 JSON
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Refusal(int status, Map<String, String> headers, byte[] body) {
  public Refusal {
    headers = Map.copyOf(headers);
  }

  /** The same answer with one more header, for example {@code allow}; the name in lower case. */
  public Refusal with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Refusal(status, more, body);
  }
}
