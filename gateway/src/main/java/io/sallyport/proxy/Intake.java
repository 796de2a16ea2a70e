package io.sallyport.proxy;

import io.sallyport.coding.ContentCoding;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/**
 * Checks of a request's head that need no configuration: framing that intermediaries read in
 * different ways is refused, never normalised. Pure.
 */
final class Intake {
  private Intake() {}

  /** What is wrong with the head, if anything. */
  static Optional<TransportReason> problem(HttpServerRequest request) {
    if (request.decoderResult().isFailure()) {
      return Optional.of(TransportReason.MALFORMED_HEAD);
    }
    MultiMap headers = request.headers();
    if (request.method().equals(HttpMethod.CONNECT) || asksForOtherProtocol(headers)) {
      return Optional.of(TransportReason.UPGRADE);
    }
    String target = request.uri();
    if (target == null || !target.startsWith("/")) {
      return Optional.of(TransportReason.ABSOLUTE_FORM);
    }
    if (!oneHost(request, headers)) {
      return Optional.of(TransportReason.HOST);
    }
    List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    boolean plain =
        codings.isEmpty()
            || (codings.size() == 1
                && codings.get(0).equalsIgnoreCase("chunked")
                && request.version() == HttpVersion.HTTP_1_1
                && !headers.contains(HttpHeaders.CONTENT_LENGTH));
    if (!plain || headers.getAll(HttpHeaders.CONTENT_LENGTH).size() > 1) {
      return Optional.of(TransportReason.TRANSFER_ENCODING);
    }
    if (ContentCoding.of(headers.getAll(HttpHeaders.CONTENT_ENCODING)).isEmpty()) {
      return Optional.of(TransportReason.CONTENT_ENCODING);
    }
    return expectation(headers);
  }

  /** True when the client waits for {@code 100 Continue}. */
  static boolean expectsContinue(MultiMap headers) {
    return headers.contains(HttpHeaders.EXPECT);
  }

  /**
   * A WebSocket is asked for in the same way; which routes are some is the dialect's to say.
   *
   * <p>HTTP/2 offered in clear text is passed over, as RFC 9110 §7.8 allows: the JDK's own client
   * offers it by default, and the field stops here with the other hop-by-hop ones.
   */
  private static boolean asksForOtherProtocol(MultiMap headers) {
    return !Handshake.asked(headers)
        && headers.getAll(HttpHeaders.UPGRADE).stream()
            .anyMatch(protocol -> !protocol.equalsIgnoreCase("h2c"));
  }

  private static Optional<TransportReason> expectation(MultiMap headers) {
    List<String> expected = headers.getAll(HttpHeaders.EXPECT);
    boolean known =
        expected.isEmpty()
            || (expected.size() == 1 && expected.get(0).equalsIgnoreCase("100-continue"));
    return known ? Optional.empty() : Optional.of(TransportReason.EXPECTATION);
  }

  private static boolean oneHost(HttpServerRequest request, MultiMap headers) {
    int hosts = headers.getAll(HttpHeaders.HOST).size();
    return switch (request.version()) {
      case HTTP_1_0 -> hosts <= 1;
      case HTTP_1_1 -> hosts == 1;
      case HTTP_2, HTTP_3 -> hosts <= 1 && request.authority() != null;
    };
  }
}
