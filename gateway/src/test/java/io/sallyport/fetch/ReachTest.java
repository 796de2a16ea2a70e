package io.sallyport.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every network of the IANA IPv4 and IPv6 Special-Purpose Address Registries, by its first and its
 * last address and the neighbours on both sides.
 */
class ReachTest {

  static byte[] address(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }

  /** Sixteen bytes even for what the JDK would shorten to IPv4. */
  private static byte[] mapped(int a, int b, int c, int d) {
    byte[] address = new byte[16];
    address[10] = (byte) 0xFF;
    address[11] = (byte) 0xFF;
    byte[] four = {(byte) a, (byte) b, (byte) c, (byte) d};
    System.arraycopy(four, 0, address, 12, 4);
    return address;
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, NEVER",
    "0.255.255.255, NEVER",
    "1.0.0.0, PUBLIC",
    "9.255.255.255, PUBLIC",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, PUBLIC",
    "100.63.255.255, PUBLIC",
    "100.64.0.0, PRIVATE",
    "100.100.100.199, PRIVATE",
    "100.100.100.200, NEVER",
    "100.100.100.201, PRIVATE",
    "100.127.255.255, PRIVATE",
    "100.128.0.0, PUBLIC",
    "126.255.255.255, PUBLIC",
    "127.0.0.0, PRIVATE",
    "127.0.0.1, PRIVATE",
    "127.255.255.255, PRIVATE",
    "128.0.0.0, PUBLIC",
    "168.63.129.15, PUBLIC",
    "168.63.129.16, NEVER",
    "168.63.129.17, PUBLIC",
    "169.253.255.255, PUBLIC",
    "169.254.0.0, NEVER",
    "169.254.169.254, NEVER",
    "169.254.170.2, NEVER",
    "169.254.255.255, NEVER",
    "169.255.0.0, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "191.255.255.255, PUBLIC",
    "192.0.0.0, NEVER",
    "192.0.0.170, NEVER",
    "192.0.0.192, NEVER",
    "192.0.0.255, NEVER",
    "192.0.1.0, PUBLIC",
    "192.0.2.0, NEVER",
    "192.0.2.255, NEVER",
    "192.0.3.0, PUBLIC",
    "192.31.195.255, PUBLIC",
    "192.31.196.0, NEVER",
    "192.31.196.255, NEVER",
    "192.31.197.0, PUBLIC",
    "192.52.192.255, PUBLIC",
    "192.52.193.0, NEVER",
    "192.52.193.255, NEVER",
    "192.52.194.0, PUBLIC",
    "192.88.98.255, PUBLIC",
    "192.88.99.0, NEVER",
    "192.88.99.255, NEVER",
    "192.88.100.0, PUBLIC",
    "192.167.255.255, PUBLIC",
    "192.168.0.0, PRIVATE",
    "192.168.255.255, PRIVATE",
    "192.169.0.0, PUBLIC",
    "192.175.47.255, PUBLIC",
    "192.175.48.0, NEVER",
    "192.175.48.255, NEVER",
    "192.175.49.0, PUBLIC",
    "198.17.255.255, PUBLIC",
    "198.18.0.0, NEVER",
    "198.19.255.255, NEVER",
    "198.20.0.0, PUBLIC",
    "198.51.99.255, PUBLIC",
    "198.51.100.0, NEVER",
    "198.51.100.255, NEVER",
    "198.51.101.0, PUBLIC",
    "203.0.112.255, PUBLIC",
    "203.0.113.0, NEVER",
    "203.0.113.255, NEVER",
    "203.0.114.0, PUBLIC",
    "223.255.255.255, PUBLIC",
    "224.0.0.0, NEVER",
    "239.255.255.255, NEVER",
    "240.0.0.0, NEVER",
    "255.255.255.254, NEVER",
    "255.255.255.255, NEVER",
    "8.8.8.8, PUBLIC",
    "93.184.216.34, PUBLIC"
  })
  void looksIpv4Up(String literal, Reach reach) {
    assertThat(Reach.of(address(literal))).isEqualTo(reach);
  }

  @ParameterizedTest
  @CsvSource({
    "::, NEVER",
    "::1, PRIVATE",
    "::2, NEVER",
    "::7f00:1, NEVER", // IPv4-compatible
    "::808:808, NEVER",
    "64:ff9b::, NEVER", // NAT64
    "64:ff9b::a00:1, NEVER",
    "64:ff9b::808:808, NEVER",
    "64:ff9b:1::1, NEVER",
    "100::, NEVER", // discard
    "100::ffff, NEVER",
    "100:0:0:1::1, NEVER", // dummy
    "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "2000::, PUBLIC",
    "2000:ffff::1, PUBLIC",
    "2001::, NEVER", // Teredo
    "2001:0:4136:e378:8000:63bf:3fff:fdd2, NEVER",
    "2001:1::1, NEVER",
    "2001:1::2, NEVER",
    "2001:1::3, NEVER",
    "2001:2::1, NEVER", // benchmarking
    "2001:3::1, NEVER", // AMT
    "2001:4:112::1, NEVER", // AS112
    "2001:10::1, NEVER", // ORCHID
    "2001:20::1, NEVER", // ORCHIDv2
    "2001:30::1, NEVER", // drone remote id
    "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "2001:200::, PUBLIC",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, PUBLIC",
    "2001:db8::, NEVER", // documentation
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "2001:db9::, PUBLIC",
    "2001:4860:4860::8888, PUBLIC",
    "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, PUBLIC",
    "2002::, NEVER", // 6to4
    "2002:7f00:1::1, NEVER",
    "2002:808:808::1, NEVER",
    "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "2003::, PUBLIC",
    "2606:2800:220:1:248:1893:25c8:1946, PUBLIC",
    "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff, PUBLIC",
    "2620:4f:8000::, NEVER", // AS112
    "2620:4f:8000:ffff:ffff:ffff:ffff:ffff, NEVER",
    "2620:4f:8001::, PUBLIC",
    "2a00:1450:4001::5efe:7f00:1, NEVER", // ISATAP
    "2a00:1450:4001:0:200:5efe:a00:1, NEVER",
    "2a00:1450:4001:0:400:5efe:a00:1, PUBLIC",
    "2a00:1450:4001:0:0:5eff:a00:1, PUBLIC",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, PUBLIC",
    "3fff::, NEVER", // documentation
    "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "3fff:1000::, PUBLIC",
    "4000::, NEVER",
    "5f00::1, NEVER", // SRv6
    "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "fc00::, PRIVATE",
    "fd00:ec2::253, PRIVATE",
    "fd00:ec2::254, NEVER",
    "fd00:ec2::23, NEVER",
    "fd20:ce::254, NEVER",
    "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, PRIVATE",
    "fe00::, NEVER",
    "fe80::, NEVER", // link local
    "fe80::1, NEVER",
    "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER",
    "fec0::1, NEVER", // site local
    "ff00::, NEVER", // multicast
    "ff02::1, NEVER",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, NEVER"
  })
  void looksIpv6Up(String literal, Reach reach) {
    assertThat(Reach.of(address(literal))).isEqualTo(reach);
  }

  @Test
  void anIpv4AddressInsideAnIpv6OneIsNeverAskedWhateverItIs() {
    assertThat(Reach.of(mapped(127, 0, 0, 1))).isEqualTo(Reach.NEVER);
    assertThat(Reach.of(mapped(8, 8, 8, 8))).isEqualTo(Reach.NEVER);
    assertThat(Reach.of(address("::ffff:10.0.0.1")))
        .as("the JDK shortens")
        .isEqualTo(Reach.PRIVATE);
  }

  @Test
  void ipv4IsWhatTheJdkKnowsOfItAndMore() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[4];
      random.nextBytes(bytes);
      InetAddress address = InetAddress.getByAddress(bytes);
      boolean special =
          address.isAnyLocalAddress()
              || address.isLoopbackAddress()
              || address.isLinkLocalAddress()
              || address.isSiteLocalAddress()
              || address.isMulticastAddress();
      if (special) {
        assertThat(Reach.of(bytes)).as("%s", address).isNotEqualTo(Reach.PUBLIC);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8",
        "10.1.2.3/32",
        "127.0.0.1/32",
        "172.16.0.0/12",
        "192.168.7.0/24",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fd12:3456::/32"
      })
  void leaveCanBeGivenForPrivateNetworks(String text) {
    assertThat(Cidr.parse(text).map(Reach::isPrivate)).hasValue(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "10.0.0.0/7",
        "8.8.8.8/32",
        "169.254.0.0/16",
        "169.254.169.254/32",
        "172.0.0.0/8",
        "192.168.0.0/15",
        "192.0.2.0/24",
        "224.0.0.0/4",
        "::/0",
        "::/128",
        "fe80::/10",
        "f800::/5",
        "2001:db8::/32"
      })
  void butForNothingElse(String text) {
    assertThat(Cidr.parse(text).map(Reach::isPrivate)).isIn(Optional.of(false), Optional.empty());
  }
}
