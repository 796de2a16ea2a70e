package io.sallyport.fetch;

import java.util.List;
import java.util.Set;

/**
 * What the operator lets the gateway fetch.
 *
 * @param hosts whose pictures may be fetched, beside those that a dialect names
 * @param plainHttp hosts that are asked without TLS; only at private addresses
 * @param ports the ports that may be asked
 * @param privates private networks that may be asked; no other is
 */
public record FetchRules(
    List<HostPattern> hosts, Set<String> plainHttp, Set<Integer> ports, List<Cidr> privates) {
  public FetchRules {
    hosts = List.copyOf(hosts);
    plainHttp = Set.copyOf(plainHttp);
    ports = Set.copyOf(ports);
    privates = List.copyOf(privates);
  }

  /**
   * Whether a URL may be asked for, as far as its spelling tells.
   *
   * @param more hosts that the dialect names
   */
  public boolean allows(FetchUrl url, List<HostPattern> more) {
    return ports.contains(url.port())
        && (url.secure() || plainHttp.contains(url.host()))
        && (matches(hosts, url) || matches(more, url));
  }

  /**
   * Whether all addresses of a URL's host may be connected to. One that may not refuses them all: a
   * name that mixes public and private addresses is no server's, it is an attack.
   *
   * @param addresses 4 or 16 bytes each; none is refused too
   */
  public boolean mayConnect(FetchUrl url, Iterable<byte[]> addresses) {
    boolean some = false;
    for (byte[] address : addresses) {
      some = true;
      boolean allowed =
          switch (Reach.of(address)) {
            case PUBLIC -> url.secure();
            case PRIVATE -> privates.stream().anyMatch(network -> network.contains(address));
            case NEVER -> false;
          };
      if (!allowed) {
        return false;
      }
    }
    return some;
  }

  private static boolean matches(List<HostPattern> patterns, FetchUrl url) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(url.host()));
  }
}
