package io.sallyport.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The head of a request for a WebSocket, as RFC 6455 §4.2.1 has it. Pure. */
final class Handshake {
  /** Set anew towards the upstream: each leg has a handshake, and extensions, of its own. */
  static final Set<String> OWN_FIELDS =
      Set.of(
          "sec-websocket-key",
          "sec-websocket-version",
          "sec-websocket-extensions",
          "sec-websocket-protocol",
          "sec-websocket-accept");

  private static final String PROTOCOL = "websocket";

  /** Sixteen bytes in base64. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

  private Handshake() {}

  /** True when a request asks for a WebSocket and nothing else. */
  static boolean asked(MultiMap headers) {
    List<String> protocols = headers.getAll(HttpHeaders.UPGRADE);
    return protocols.size() == 1 && protocols.getFirst().equalsIgnoreCase(PROTOCOL);
  }

  /** True when nothing is missing of it, and nothing is there that servers read differently. */
  static boolean isWhole(HttpServerRequest request) {
    MultiMap headers = request.headers();
    return request.version() == HttpVersion.HTTP_1_1
        && request.method().equals(HttpMethod.GET)
        && asked(headers)
        && headers.getAll(HttpHeaders.CONNECTION).stream()
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"))
        && headers.getAll("sec-websocket-version").equals(List.of("13"))
        && headers.getAll("sec-websocket-key").size() == 1
        && KEY.matcher(headers.get("sec-websocket-key")).matches()
        && !headers.contains(HttpHeaders.TRANSFER_ENCODING)
        && !headers.contains(HttpHeaders.EXPECT)
        && Bodies.declaredLength(headers) <= 0
        && List.of("", "0")
            .contains(
                headers.contains(HttpHeaders.CONTENT_LENGTH)
                    ? headers.get(HttpHeaders.CONTENT_LENGTH)
                    : "");
  }
}
