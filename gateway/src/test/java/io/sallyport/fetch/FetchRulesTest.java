package io.sallyport.fetch;

import static io.sallyport.fetch.ReachTest.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchRulesTest {
  private static final FetchRules RULES =
      new FetchRules(
          List.of(new HostPattern("cdn.example", false), new HostPattern("lab.example", true)),
          Set.of("a.lab.example"),
          Set.of(443, 8080),
          List.of(Cidr.of("10.1.0.0/16")));

  private static FetchUrl url(String text) {
    return FetchUrl.accept(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "https://cdn.example/x, true",
    "https://cdn.example:8080/x, true",
    "https://cdn.example:8443/x, false",
    "https://other.example/x, false",
    "https://store.example/x, true",
    "https://b.lab.example/x, true",
    "http://cdn.example/x, false",
    "http://cdn.example:8080/x, false",
    "http://b.lab.example:8080/x, false",
    "http://a.lab.example:8080/x, true",
    "http://a.lab.example/x, false"
  })
  void namesWhoMayBeAsked(String text, boolean allowed) {
    assertThat(RULES.allows(url(text), List.of(new HostPattern("store.example", false))))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "https://cdn.example/, 8.8.8.8, true",
    "https://cdn.example/, '8.8.8.8 1.1.1.1 2606:4700::1', true",
    "https://cdn.example/, '8.8.8.8 127.0.0.1', false",
    "https://cdn.example/, '127.0.0.1 8.8.8.8', false",
    "https://cdn.example/, '8.8.8.8 ::1', false",
    "https://cdn.example/, '8.8.8.8 10.1.0.1', true",
    "https://cdn.example/, 10.1.255.255, true",
    "https://cdn.example/, 10.2.0.0, false",
    "https://cdn.example/, 169.254.169.254, false",
    "https://cdn.example/, '', false",
    "http://a.lab.example/, 10.1.2.3, true",
    "http://a.lab.example/, 8.8.8.8, false",
    "http://a.lab.example/, '10.1.2.3 8.8.8.8', false"
  })
  void namesWhereMayBeConnectedTo(String text, String literals, boolean allowed) {
    List<byte[]> addresses =
        Stream.of(literals.split(" ", -1))
            .filter(literal -> !literal.isEmpty())
            .map(ReachTest::address)
            .toList();
    assertThat(RULES.mayConnect(url(text), addresses)).isEqualTo(allowed);
  }

  @Test
  void noLeaveReachesWhereCredentialsAreHandedOut() {
    FetchRules wide =
        new FetchRules(
            List.of(),
            Set.of(),
            Set.of(443),
            List.of(Cidr.of("100.64.0.0/10"), Cidr.of("fc00::/7")));
    assertThat(wide.mayConnect(url("https://a.example"), List.of(address("100.100.100.200"))))
        .isFalse();
    assertThat(wide.mayConnect(url("https://a.example"), List.of(address("fd00:ec2::254"))))
        .isFalse();
    assertThat(wide.mayConnect(url("https://a.example"), List.of(address("100.100.100.201"))))
        .isTrue();
  }
}
