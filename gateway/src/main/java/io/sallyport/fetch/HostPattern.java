package io.sallyport.fetch;

import java.util.Optional;

/**
 * Hosts that may be fetched from: one name, or {@code *.name} for all names below it, but not the
 * name itself.
 *
 * @param name lower case; without the {@code *.}
 * @param below true for the names below it
 */
public record HostPattern(String name, boolean below) {

  /**
   * Reads one. A wildcard needs two labels after it: {@code *.com} would be everybody.
   *
   * @return empty when it is not spelled as a {@link FetchUrl} spells hosts
   */
  public static Optional<HostPattern> parse(String text) {
    boolean below = text.startsWith("*.");
    String name = below ? text.substring(2) : text;
    return FetchUrl.host(name)
        .filter(host -> host.equals(name) && (!below || host.indexOf('.') > 0))
        .map(host -> new HostPattern(host, below));
  }

  /**
   * Whether a host is one of them.
   *
   * @param host in lower case
   */
  public boolean matches(String host) {
    return below
        ? host.length() > name.length() + 1
            && host.endsWith(name)
            && host.charAt(host.length() - name.length() - 1) == '.'
        : host.equals(name);
  }
}
