package io.sallyport.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** No URL is accepted that another reader would take to another host, port or target. */
class FetchUrlFuzzTest {
  private static final String SEED = "https://cdn.example:8443/a/b.png?sig=x%2Fy#f";

  /** What parsers trip over, whole. */
  private static final String[] PIECES = {
    "@",
    "\\",
    "//",
    "/",
    ":",
    "#",
    "?",
    "%2e",
    "%00",
    "..",
    ".",
    "[",
    "]",
    "127.0.0.1",
    "0x7f",
    "\t",
    "\n",
    "\r",
    " ",
    "\u3002",
    "xn--",
    "0",
    "1",
    "-",
    "_",
    "://",
    "https:",
    "http:",
    ";",
    "&",
    "'",
    "evil.example",
    "%40",
    "%",
    "é",
    "\u0000",
    ":443",
    ":0",
    "::1"
  };

  @FuzzTest
  void whatIsAcceptedIsReadAlikeByOthers(byte[] bytes) {
    check(new String(bytes, StandardCharsets.UTF_8));
  }

  private static void check(String text) {
    Optional<FetchUrl> accepted = FetchUrl.accept(text);
    if (accepted.isEmpty()) {
      return;
    }
    FetchUrl url = accepted.get();
    URI uri = URI.create(text);
    assertThat(uri.getScheme()).isEqualTo(url.secure() ? "https" : "http");
    assertThat(uri.getRawUserInfo()).isNull();
    assertThat(uri.getHost().toLowerCase(Locale.ROOT)).isEqualTo(url.host());
    assertThat(uri.getPort()).isIn(-1, url.port());
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    assertThat(url.target()).isEqualTo(path + query);
    whatwg(text, url);
  }

  /**
   * The steps of the URL standard (https://url.spec.whatwg.org) that change something: it strips
   * and drops blanks, takes a backslash for a slash, ends the authority at the last {@code @},
   * decodes and maps the host, reads it as IPv4 when it ends in a number, and resolves dot
   * segments. For an accepted URL none may have anything to do.
   */
  private static void whatwg(String text, FetchUrl url) {
    assertThat(text.chars()).allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
    String rest = text.substring(text.indexOf(':') + 3);
    int end = rest.length();
    for (int i = 0; i < rest.length(); i++) {
      if ("/?#".indexOf(rest.charAt(i)) >= 0) {
        end = i;
        break;
      }
    }
    String authority = rest.substring(0, end);
    assertThat(authority).doesNotContain("@", "%", "[");
    String host = authority.split(":", 2)[0].toLowerCase(Locale.ROOT);
    assertThat(host).isEqualTo(url.host()).matches("[a-z0-9.-]+");
    String last = host.substring(host.lastIndexOf('.') + 1);
    assertThat(last).isNotEmpty().doesNotMatch("[0-9]+|0x[0-9a-f]*");
    for (String segment : url.target().split("\\?", 2)[0].split("/", -1)) {
      assertThat(segment.toLowerCase(Locale.ROOT).replace("%2e", ".")).isNotIn(".", "..");
    }
  }

  @Test
  void staysTrueOnMutatedSeeds() {
    SplittableRandom random = new SplittableRandom(7);
    int accepted = 0;
    for (int i = 0; i < 40_000; i++) {
      StringBuilder text = new StringBuilder(SEED);
      for (int k = random.nextInt(4); k >= 0; k--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
          case 1 -> text.setCharAt(at, (char) random.nextInt(0x100));
          default -> text.deleteCharAt(at);
        }
      }
      accepted += FetchUrl.accept(text.toString()).isPresent() ? 1 : 0;
      check(text.toString());
    }
    assertThat(accepted).isGreaterThan(1_000);
  }
}
