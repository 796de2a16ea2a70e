package io.sallyport.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings of URLs by which one reader is led elsewhere than another: all are refused. */
class FetchUrlTest {

  @ParameterizedTest
  @CsvSource({
    "https://cdn.example/x.png, cdn.example, 443, /x.png",
    "https://CDN.Example/x.png, cdn.example, 443, /x.png",
    "https://cdn.example, cdn.example, 443, /",
    "https://cdn.example:443/x, cdn.example, 443, /x",
    "https://cdn.example:8443/x, cdn.example, 8443, /x",
    "http://cdn.example/x, cdn.example, 80, /x",
    "https://cdn.example?a=b, cdn.example, 443, /?a=b",
    "https://a-b.c3.example/x?sv=2024-01-01&sig=aB%2Fc%3D&se=1:2, a-b.c3.example, 443,"
        + " /x?sv=2024-01-01&sig=aB%2Fc%3D&se=1:2",
    "https://cdn.example/a//b/./%2f, , ,",
    "https://cdn.example/a//b%2F~(c)*!$;@=+, cdn.example, 443, /a//b%2F~(c)*!$;@=+",
    "https://cdn.example/x#frag/../?, cdn.example, 443, /x",
    "https://cdn.example/x?../y/./z, cdn.example, 443, /x?../y/./z",
    "https://cdn.example/..x/x../.x/...., cdn.example, 443, /..x/x../.x/....",
    "https://localhost/x, localhost, 443, /x",
    "https://r3---sn.example/x, r3---sn.example, 443, /x",
    "https://1.example/x, 1.example, 443, /x",
    "https://0xcdn.example0x/x, 0xcdn.example0x, 443, /x"
  })
  void takesPlainUrlsApart(String url, String host, Integer port, String target) {
    Optional<FetchUrl> accepted = FetchUrl.accept(url);
    if (host == null) {
      assertThat(accepted).isEmpty();
    } else {
      assertThat(accepted).hasValue(new FetchUrl(url.startsWith("https:"), host, port, target));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // schemes
        "",
        " ",
        "cdn.example/x",
        "//cdn.example/x",
        "/x",
        "x",
        "file:///etc/hostname",
        "ftp://cdn.example/x",
        "gopher://cdn.example/x",
        "dict://cdn.example/x",
        "data:image/png,x",
        "javascript:x",
        "blob:https://cdn.example/x",
        "jar:https://cdn.example/x!/y",
        "view-source:https://cdn.example/x",
        "HTTPS://cdn.example/x",
        "Https://cdn.example/x",
        "https:cdn.example/x",
        "https:/cdn.example/x",
        "https:///cdn.example/x",
        "https:////cdn.example/x",
        "https:\\\\cdn.example\\x",
        "https:\\/cdn.example/x",
        "https://\\cdn.example/x",
        "https ://cdn.example/x",
        "https: //cdn.example/x",
        "wss://cdn.example/x",
        "url:https://cdn.example/x",
        "https+x://cdn.example/x",
        // user information
        "https://user@cdn.example/x",
        "https://user:pass@cdn.example/x",
        "https://@cdn.example/x",
        "https://:@cdn.example/x",
        "https://cdn.example@evil.example/x",
        "https://cdn.example:443@evil.example/x",
        "https://cdn.example%40evil.example/x",
        "https://evil.example\\@cdn.example/x",
        "https://cdn.example\\@evil.example/x",
        "https://cdn.example;@evil.example/x",
        "https://cdn.example&@evil.example/x",
        "https://cdn.example #@evil.example/x",
        "https://a@b@cdn.example/x",
        // IPv4 in all its notations
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://127.0.1/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0x7f.0.0.1/x",
        "https://0177.0.0.1/x",
        "https://017700000001/x",
        "https://0x7f.1/x",
        "https://127.0.0.0x1/x",
        "https://127.0.0.1./x",
        "https://00000127.0.0.1/x",
        "https://256.256.256.256/x",
        "https://8.8.8.8/x",
        "https://1/x",
        "https://0/x",
        "https://0x/x",
        "https://x.0x/x",
        "https://cdn.1/x",
        "https://cdn.example.1/x",
        "https://cdn.0x1f/x",
        "https://cdn.8xample/x",
        "https://09/x",
        "https://169.254.169.254/latest/meta-data",
        "https://0251.0376.0251.0376/x",
        "https://2852039166/x",
        "https://0xA9FEA9FE/x",
        "https://1.2.3.4.5/x",
        "https://127%2e0%2e0%2e1/x",
        "https://%31%32%37.0.0.1/x",
        "https://①②⑦.⓪.⓪.①/x",
        "https://127。0。0。1/x",
        "https://１２７.0.0.1/x",
        "https://127.0.0.1.nip.io@1/x",
        // IPv6
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[::ffff:7f00:1]/x",
        "https://[0:0:0:0:0:0:0:1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://[fd00:ec2::254]/x",
        "https://[2001:db8::1]:443/x",
        "https://::1/x",
        "https://[v1.x]/x",
        "https://[/x",
        "https://]/x",
        "https://[cdn.example]/x",
        // names
        "https://",
        "https:///x",
        "https://./x",
        "https://../x",
        "https://cdn.example./x",
        "https://.cdn.example/x",
        "https://cdn..example/x",
        "https://-cdn.example/x",
        "https://cdn-.example/x",
        "https://cdn_a.example/x",
        "https://cdn example/x",
        "https://cdn%2eexample/x",
        "https://cdn.example%00.evil.example/x",
        "https://%63dn.example/",
        "https://xn--bcher-kva.example/x",
        "https://XN--bcher-kva.example/x",
        "https://a.xn--p1ai/x",
        "https://bücher.example/x",
        "https://cdn.exаmple/x",
        "https://cdn.example\u3002evil.example/x",
        "https://cdn.example\uFF0Eevil.example/x",
        "https://cdn\u00AD.example/x",
        "https://cdn\u200B.example/x",
        "https://ⓒdn.example/x",
        "https://cdn.example\u2044x",
        "https://*.example/x",
        "https://cdn.example*/x",
        "https://cdn!example/x",
        "https://cdn$.example/x",
        "https://cdn,evil.example/x",
        "https://cdn.example<evil/x",
        "https://cdn\".example/x",
        "https://{cdn}.example/x",
        "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/x",
        // ports
        "https://cdn.example:/x",
        "https://cdn.example:0/x",
        "https://cdn.example:00443/x",
        "https://cdn.example:65536/x",
        "https://cdn.example:99999/x",
        "https://cdn.example:443443/x",
        "https://cdn.example:+443/x",
        "https://cdn.example:-1/x",
        "https://cdn.example: 443/x",
        "https://cdn.example:443:80/x",
        "https://cdn.example:https/x",
        "https://cdn.example:٤٤٣/x",
        "https://cdn.example:443 /x",
        "https://cdn.example:0x1bb/x",
        // blanks and controls
        " https://cdn.example/x",
        "https://cdn.example/x ",
        "\thttps://cdn.example/x",
        "https://cdn.example/x\n",
        "ht\ntps://cdn.example/x",
        "https://cdn.\nexample/x",
        "https://cdn\t.example/x",
        "https://cdn.example/\rx",
        "https://cdn.example/x y",
        "https://cdn.example/x\r\nHost: evil.example",
        "https://cdn.example/x%0d\r\n",
        "https://cdn.example\u0000.evil.example/x",
        "https://cdn.example/\u0000",
        "https://cdn.example/\u007f",
        "https://cdn.example/x\u0085",
        "https://cdn.example/\u2028",
        "\uFEFFhttps://cdn.example/x",
        "\u00A0https://cdn.example/x",
        // paths and queries
        "https://cdn.example\\x",
        "https://cdn.example/\\x",
        "https://cdn.example/..\\x",
        "https://cdn.example/../x",
        "https://cdn.example/a/../x",
        "https://cdn.example/a/..",
        "https://cdn.example/./x",
        "https://cdn.example/a/.",
        "https://cdn.example/%2e%2e/x",
        "https://cdn.example/%2E./x",
        "https://cdn.example/.%2e",
        "https://cdn.example/a/%2e/x",
        "https://cdn.example/%",
        "https://cdn.example/%2",
        "https://cdn.example/%zz",
        "https://cdn.example/%u002e",
        "https://cdn.example/ü",
        "https://cdn.example/x?ü",
        "https://cdn.example/x?a b",
        "https://cdn.example/x?\"",
        "https://cdn.example/x?'",
        "https://cdn.example/<x>",
        "https://cdn.example/x|y",
        "https://cdn.example/x^y",
        "https://cdn.example/`x",
        "https://cdn.example/{x}",
        "https://cdn.example/x[0]",
        "https://cdn.example/x#a#b",
        "https://cdn.example/x#a b",
        "https://cdn.example/x#%",
        "https://cdn.example/\ud800x",
        "https://cdn.example/\ud83d\ude00"
      })
  void refusesWhatReadersTakeApartDifferently(String url) {
    assertThat(FetchUrl.accept(url)).isEmpty();
  }

  @Test
  void aLongUrlNeedsNoStack() throws Exception {
    String path = "/" + "a%41".repeat(2000) + "?" + "b%42/".repeat(10);
    assertThat(FetchUrl.accept("https://cdn.example" + path)).isPresent();
    assertThat(FetchUrl.accept("https://cdn.example/" + "/a".repeat(4000))).isPresent();
    assertThat(FetchUrl.accept("https://cdn.example/" + "a".repeat(FetchUrl.CHARS_MAX))).isEmpty();
    assertThat(FetchUrl.accept("https://" + "a.".repeat(126) + "b/")).isPresent();
    assertThat(FetchUrl.accept("https://" + "a.".repeat(127) + "b/")).isEmpty();
    Thread small =
        new Thread(null, () -> FetchUrl.accept("https://c.example" + path), "s", 1 << 16);
    Throwable[] thrown = new Throwable[1];
    small.setUncaughtExceptionHandler((thread, it) -> thrown[0] = it);
    small.start();
    small.join();
    assertThat(thrown[0]).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://other.example/y, https://other.example/y",
    "http://other.example/y, http://other.example/y",
    "/y?z=1, https://cdn.example:8443/y?z=1",
    "/, https://cdn.example:8443/",
    "//other.example/y, ",
    "y, ",
    "../y, ",
    "?y, ",
    "'', ",
    "/../y, ",
    "/\\other.example/y, ",
    "https://u@other.example/y, ",
    "https://127.0.0.1/y, ",
    "file:///y, "
  })
  void followsOnlyPlainRedirects(String location, String to) {
    FetchUrl from = FetchUrl.accept("https://cdn.example:8443/x").orElseThrow();
    assertThat(from.redirect(location))
        .isEqualTo(to == null ? Optional.empty() : FetchUrl.accept(to));
  }

  @Test
  void printsNoSignature() {
    assertThat(FetchUrl.accept("https://cdn.example:8443/x?sig=canary").orElseThrow())
        .hasToString("FetchUrl[https://cdn.example:8443]");
  }

  @ParameterizedTest
  @CsvSource({
    "cdn.example, cdn.example, true",
    "cdn.example, a.cdn.example, false",
    "cdn.example, cdn.example.evil.example, false",
    "*.cdn.example, a.cdn.example, true",
    "*.cdn.example, a.b.cdn.example, true",
    "*.cdn.example, cdn.example, false",
    "*.cdn.example, .cdn.example, false",
    "*.cdn.example, acdn.example, false",
    "*.cdn.example, cdn.example.evil.example, false",
    "localhost, localhost, true"
  })
  void aPatternMeansOneHostOrThoseBelow(String pattern, String host, boolean matches) {
    assertThat(HostPattern.parse(pattern).orElseThrow().matches(host)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "*.",
        "*.com",
        "*.*.example",
        "a.*.example",
        "Cdn.example",
        "cdn.example.",
        "127.0.0.1",
        "*.0.0.1",
        "cdn.example:443",
        "https://cdn.example",
        "cdn.example/x",
        "",
        "*cdn.example",
        "xn--bcher-kva.example",
        "bücher.example",
        "*.-a.example"
      })
  void whatIsNoPatternIsRefused(String text) {
    assertThat(HostPattern.parse(text)).isEmpty();
  }
}
