package io.sallyport.fetch;

import static io.sallyport.fetch.ReachTest.address;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.1/8",
        "10.0.0/8",
        "10/8",
        "167772160/8",
        "0x0a.0.0.0/8",
        "010.0.0.0/8",
        "10.0.0.256/32",
        "10.0.0.0./8",
        " 10.0.0.0/8",
        "10.0.0.0/8 ",
        "a.b.c.d/8",
        "localhost/32",
        "fc00::/129",
        "fc00::1/7",
        "fc00:::/7",
        "[fc00::]/7",
        "fc00::%1/7",
        "::ffff:10.0.0.0/104",
        "10.0.0.0/+8",
        "١٠.0.0.0/8"
      })
  void whatIsNoNetworkIsRefused(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::1, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "127.0.0.1/32, 127.0.0.1, true",
    "127.0.0.1/32, 127.0.0.2, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, ::, false",
    "fc00::/7, fdff::1, true",
    "fc00::/7, fe00::1, false",
    "2001:db8::/33, 2001:db8:7fff::, true",
    "2001:db8::/33, 2001:db8:8000::, false"
  })
  void holdsWhatBeginsWithItsBits(String network, String literal, boolean inside) {
    assertThat(Cidr.of(network).contains(address(literal))).isEqualTo(inside);
  }

  @Test
  void printsItself() {
    assertThat(Cidr.of("127.0.0.1/32")).hasToString("127.0.0.1/32");
    assertThat(Cidr.of("fc00::/7")).hasToString("fc00:0:0:0:0:0:0:0/7");
  }
}
