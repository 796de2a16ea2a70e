package io.sallyport.fetch;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL that every parser takes apart alike: the part of RFC 3986 on which it, the WHATWG's URL
 * standard and {@link java.net.URI} agree without any repair. All else is refused, never mended:
 * what a client would make of it is not guessed at.
 *
 * <p>Refused are user information, addresses in place of names (in any notation), names whose last
 * label begins with a digit, that end in a dot or are not ASCII ({@code xn--} included),
 * percent-encoding in the host, dot segments in the path, and every character that some parser
 * drops or rewrites.
 *
 * @param secure true for {@code https}
 * @param host in lower case
 * @param port as given, else the scheme's
 * @param target path and query; the fragment is left out, as it never goes over the wire
 */
public record FetchUrl(boolean secure, String host, int port, String target) {
  /** Signed URLs of object stores have one to two thousand characters. */
  public static final int CHARS_MAX = 8192;

  private static final int HOST_MAX = 253;

  /** Possessive throughout: matching goes forward only, and needs no stack. */
  private static final String CHARS = "[A-Za-z0-9._~!$&()*+,;=:@-]++|%[0-9A-Fa-f]{2}";

  private static final Pattern URL =
      Pattern.compile(
          "(https?)://([A-Za-z0-9.-]+)(?::([1-9][0-9]{0,4}))?"
              + "((?:/(?:CHARS)*+)*+)(\\?(?:CHARS|[/?])*+)?(?:#(?:CHARS|[/?])*+)?"
                  .replace("CHARS", CHARS));

  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /** Clients resolve dot segments before they ask, also when the dots are percent-encoded. */
  private static final Pattern DOT_SEGMENT =
      Pattern.compile("/(?:\\.|%2e){1,2}(?=/|$)", Pattern.CASE_INSENSITIVE);

  /** Takes a URL apart; empty when it is not of the kind above. */
  public static Optional<FetchUrl> accept(String url) {
    if (url.length() > CHARS_MAX) {
      return Optional.empty();
    }
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches() || DOT_SEGMENT.matcher(matcher.group(4)).find()) {
      return Optional.empty();
    }
    boolean secure = matcher.group(1).equals("https");
    int port = matcher.group(3) == null ? (secure ? 443 : 80) : Integer.parseInt(matcher.group(3));
    String path = matcher.group(4).isEmpty() ? "/" : matcher.group(4);
    String target = matcher.group(5) == null ? path : path + matcher.group(5);
    return port > 65_535
        ? Optional.empty()
        : host(matcher.group(2)).map(host -> new FetchUrl(secure, host, port, target));
  }

  /** Where a {@code Location} leads from here: a whole URL, or a path on the same server. */
  public Optional<FetchUrl> redirect(String location) {
    boolean path = location.startsWith("/") && !location.startsWith("//");
    return accept(path ? origin() + location : location);
  }

  /** {@code host} or {@code host:port}, for the {@code Host} header. */
  public String authority() {
    return port == (secure ? 443 : 80) ? host : host + ":" + port;
  }

  /** Only where it leads: a signed URL is a credential. */
  @Override
  public String toString() {
    return "FetchUrl[" + origin() + "]";
  }

  private String origin() {
    return (secure ? "https://" : "http://") + authority();
  }

  /**
   * A name of LDH labels (RFC 1123), in lower case; empty when it is none. The last one begins with
   * a letter, as RFC 2396 has it: otherwise the URL standard may read an IPv4 address.
   */
  static Optional<String> host(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    String[] labels = host.split("\\.", -1);
    for (String label : labels) {
      if (!LABEL.matcher(label).matches() || label.startsWith("xn--")) {
        return Optional.empty();
      }
    }
    char top = labels[labels.length - 1].charAt(0);
    boolean named = host.length() <= HOST_MAX && top >= 'a' && top <= 'z';
    return named ? Optional.of(host) : Optional.empty();
  }
}
