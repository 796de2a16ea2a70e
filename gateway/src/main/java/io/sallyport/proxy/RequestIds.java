package io.sallyport.proxy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Makes request ids: {@code req_} and 32 hex digits, 48 bits of milliseconds and 80 random bits,
 * the layout of a UUID of version 7 (RFC 9562) without its fixed bits. Ids made later sort later,
 * which keeps the record's index of them compact. Safe on every thread.
 */
final class RequestIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestIds() {}

  static String next() {
    byte[] random = new byte[10];
    RANDOM.nextBytes(random);
    ByteBuffer id = ByteBuffer.allocate(18).putLong(System.currentTimeMillis()).put(random);
    return "req_" + HexFormat.of().formatHex(id.array(), 2, 18);
  }
}
