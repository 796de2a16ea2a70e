package io.sallyport.proxy;

import io.sallyport.detect.DetectorPanel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/**
 * The challengers: other versions of detectors, each by the name of the one that it is compared
 * with. What they say never reaches a verdict.
 *
 * @param panels each asks one challenger, on a lane of their own
 * @param shares by detector, of the requests that its challenger is asked about
 */
public record Shadow(List<DetectorPanel> panels, Map<String, Double> shares) {
  /** Nobody. */
  public static final Shadow NONE = new Shadow(List.of(), Map.of());

  public Shadow {
    panels = List.copyOf(panels);
    shares = Map.copyOf(shares);
  }

  /**
   * Whether the challenger is asked about a request. It depends on the request's id and nothing
   * else, so that nobody chooses, and anybody can tell later.
   */
  boolean samples(String detector, String requestId) {
    return fraction(requestId) < shares.getOrDefault(detector, 0.0);
  }

  /** A number from 0 up to 1 that is spread evenly over ids: the first 53 bits of their SHA-256. */
  static double fraction(String requestId) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
