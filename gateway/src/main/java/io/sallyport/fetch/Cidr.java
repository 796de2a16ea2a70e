package io.sallyport.fetch;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network: all addresses that begin with the same bits. IPv4 and IPv6 never match each other.
 *
 * <p>Written as RFC 4632 and RFC 4291 do, {@code 10.0.0.0/8} or {@code fc00::/7}; the bits after
 * the prefix must be zero, so that nobody means less than is taken.
 */
public final class Cidr {
  /** Four plain decimal numbers, or anything with a colon; names never match. */
  private static final Pattern LITERAL =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})(?:\\.(?!$)|$)){4}|(?=[^:]*:)[0-9a-fA-F:]{2,39}");

  private final byte[] network;
  private final int bits;

  private Cidr(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /** Reads one; empty when it is not spelled as above. Never asks a name server. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(text.substring(slash + 1));
    return literal(text.substring(0, slash))
        .filter(network -> bits <= network.length * 8 && clear(network, bits))
        .map(network -> new Cidr(network, bits));
  }

  static Cidr of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  /**
   * Whether an address lies in the network.
   *
   * @param address 4 or 16 bytes, most significant first
   */
  public boolean contains(byte[] address) {
    return address.length == network.length && samePrefix(address);
  }

  /** Whether every address of {@code other} lies in this network. */
  boolean covers(Cidr other) {
    return other.bits >= bits && contains(other.network);
  }

  /** As it was written, in the JDK's spelling. */
  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean samePrefix(byte[] address) {
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >>> (8 - rest) == 0;
  }

  private static boolean clear(byte[] network, int bits) {
    for (int bit = bits; bit < network.length * 8; bit++) {
      if ((network[bit / 8] & (0x80 >>> (bit % 8))) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> literal(String text) {
    if (!LITERAL.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
