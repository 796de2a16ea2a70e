package io.sallyport.fetch;

import java.util.List;
import java.util.stream.Stream;

/** How far an address may be trusted to be a server of the public internet. */
public enum Reach {
  /** Anybody's public server. */
  PUBLIC,
  /** The operator's own network or machine: only where the configuration names it. */
  PRIVATE,
  /** Never fetched from, whatever the configuration says. */
  NEVER;

  /**
   * Where credentials of the machine are handed out to whoever asks; most lie in networks below.
   */
  private static final List<Cidr> METADATA =
      networks(
          "169.254.169.254/32", // AWS, Azure, Google, OpenStack, Oracle, DigitalOcean
          "169.254.170.2/32", // AWS ECS
          "168.63.129.16/32", // Azure's WireServer: looks public, answers every virtual machine
          "100.100.100.200/32", // Alibaba
          "192.0.0.192/32", // Oracle, classic
          "fd00:ec2::254/128", // AWS
          "fd00:ec2::23/128", // AWS EKS Pod Identity
          "fd20:ce::254/128"); // Google

  private static final List<Cidr> PRIVATES =
      networks(
          "10.0.0.0/8", // RFC 1918
          "100.64.0.0/10", // RFC 6598, carrier-grade NAT
          "127.0.0.0/8", // RFC 1122, loopback
          "172.16.0.0/12", // RFC 1918
          "192.168.0.0/16", // RFC 1918
          "::1/128", // RFC 4291, loopback
          "fc00::/7"); // RFC 4193, unique local

  /**
   * What else the IANA IPv4 Special-Purpose Address Registry lists
   * (https://www.iana.org/assignments/iana-ipv4-special-registry), and multicast (RFC 5771).
   */
  private static final List<Cidr> SPECIAL4 =
      networks(
          "0.0.0.0/8", // RFC 791, this network
          "169.254.0.0/16", // RFC 3927, link local
          "192.0.0.0/24", // RFC 6890, protocol assignments
          "192.0.2.0/24", // RFC 5737, documentation
          "192.31.196.0/24", // RFC 7535, AS112
          "192.52.193.0/24", // RFC 7450, AMT
          "192.88.99.0/24", // RFC 7526, 6to4 relays
          "192.175.48.0/24", // RFC 7534, AS112
          "198.18.0.0/15", // RFC 2544, benchmarking
          "198.51.100.0/24", // RFC 5737, documentation
          "203.0.113.0/24", // RFC 5737, documentation
          "224.0.0.0/4", // RFC 5771, multicast
          "240.0.0.0/4"); // RFC 1112, reserved; RFC 919, broadcast

  /**
   * IANA has given out addresses of {@code 2000::/3} only (RFC 4291 §2.4). All else is special:
   * unspecified, IPv4-mapped and -compatible, NAT64 ({@code 64:ff9b::/96}, {@code 64:ff9b:1::/48}),
   * discard, SRv6, link and site local, multicast.
   */
  private static final Cidr GLOBAL6 = Cidr.of("2000::/3");

  /**
   * What the IANA IPv6 Special-Purpose Address Registry lists within it
   * (https://www.iana.org/assignments/iana-ipv6-special-registry).
   */
  private static final List<Cidr> SPECIAL6 =
      networks(
          "2001::/23", // RFC 2928, protocol assignments; Teredo, ORCHID, benchmarking among them
          "2001:db8::/32", // RFC 3849, documentation
          "2002::/16", // RFC 3056, 6to4: carries any IPv4 address
          "2620:4f:8000::/48", // RFC 7534, AS112
          "3fff::/20"); // RFC 9637, documentation

  /**
   * Looks an address up.
   *
   * @param address 4 or 16 bytes, most significant first
   */
  public static Reach of(byte[] address) {
    if (inOne(METADATA, address)) {
      return NEVER;
    }
    if (inOne(PRIVATES, address)) {
      return PRIVATE;
    }
    boolean never =
        address.length == 4
            ? inOne(SPECIAL4, address)
            : !GLOBAL6.contains(address) || inOne(SPECIAL6, address) || isatap(address);
    return never ? NEVER : PUBLIC;
  }

  /** Whether a whole network is private, so that a configuration may name it. */
  public static boolean isPrivate(Cidr network) {
    return PRIVATES.stream().anyMatch(one -> one.covers(network));
  }

  /** RFC 5214 §6.1: an interface identifier that carries any IPv4 address. */
  private static boolean isatap(byte[] address) {
    return (address[8] & 0xFC) == 0
        && address[9] == 0
        && address[10] == 0x5e
        && (address[11] & 0xFF) == 0xfe;
  }

  private static boolean inOne(List<Cidr> networks, byte[] address) {
    return networks.stream().anyMatch(one -> one.contains(address));
  }

  private static List<Cidr> networks(String... texts) {
    return Stream.of(texts).map(Cidr::of).toList();
  }
}
