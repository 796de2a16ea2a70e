package io.sallyport.proxy;

import io.sallyport.coding.AcceptEncoding;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which header fields cross the gateway: all but the hop-by-hop ones of RFC 9110 §7.6.1, those that
 * {@code Connection} names, and those that the gateway itself sets. Pure.
 */
final class HeaderRules {
  static final String REQUEST_ID = "x-request-id";

  /** How much of an exchange was judged, where the operator wants it told. */
  static final String COVERAGE = "x-sallyport-coverage";

  /** What asks for less than the whole of something (RFC 9110 §13 and §14). */
  static final Set<String> FOR_PARTS =
      Set.of(
          "range",
          "if-range",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since");

  /** What is true of a body's very bytes, and so not of an edited one. */
  static final Set<String> OF_BYTES =
      Set.of("content-encoding", "content-digest", "repr-digest", "digest", "content-md5");

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /**
   * Set anew towards the upstream: framing, the waiting for 100, what we can decode, our own id.
   */
  private static final Set<String> OURS_UP =
      Set.of("host", "content-length", "expect", "accept-encoding", REQUEST_ID);

  /** Set anew towards the client. */
  private static final Set<String> OURS_DOWN = Set.of("content-length", REQUEST_ID, COVERAGE);

  private HeaderRules() {}

  /**
   * Copies what may go to the upstream. Replies must come in codings that can be judged: those of
   * the client's that are decoded here.
   */
  static void copyUp(MultiMap from, MultiMap to, Set<String> alsoDropped) {
    copy(from, to, OURS_UP, alsoDropped);
    to.set(
        HttpHeaders.ACCEPT_ENCODING,
        AcceptEncoding.upstream(from.getAll(HttpHeaders.ACCEPT_ENCODING)));
  }

  /** Copies what may go to the client. */
  static void copyDown(MultiMap from, MultiMap to) {
    copy(from, to, OURS_DOWN, Set.of());
  }

  private static void copy(MultiMap from, MultiMap to, Set<String> ours, Set<String> alsoDropped) {
    Set<String> named = named(from);
    for (Map.Entry<String, String> field : from) {
      String name = field.getKey().toLowerCase(Locale.ROOT);
      boolean dropped =
          name.startsWith(":")
              || HOP_BY_HOP.contains(name)
              || ours.contains(name)
              || named.contains(name)
              || alsoDropped.contains(name);
      if (!dropped) {
        to.add(field.getKey(), field.getValue());
      }
    }
  }

  private static Set<String> named(MultiMap headers) {
    List<String> values = headers.getAll(HttpHeaders.CONNECTION);
    if (values.isEmpty()) {
      return Set.of();
    }
    Set<String> named = new HashSet<>();
    for (String value : values) {
      for (String token : value.split(",", -1)) {
        named.add(token.strip().toLowerCase(Locale.ROOT));
      }
    }
    return named;
  }
}
