package io.sallyport.config;

import io.sallyport.config.GatewayConfig.Fetch;
import io.sallyport.config.GatewayConfig.RequestUrls;
import io.sallyport.fetch.Cidr;
import io.sallyport.fetch.FetchRules;
import io.sallyport.fetch.HostPattern;
import io.sallyport.fetch.Reach;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the section {@code fetch}: by default nothing is fetched. */
final class FetchSection {
  private static final long MIB = 1 << 20;
  private static final Set<Integer> PORTS = Set.of(443);

  static final Fetch NONE =
      new Fetch(
          new FetchRules(List.of(), Set.of(), PORTS, List.of()),
          32 * MIB,
          64,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Optional.empty(),
          RequestUrls.DENY,
          List.of());

  private FetchSection() {}

  static Fetch read(YamlMap map, Function<YamlValue, Path> certificate) {
    List<HostPattern> hosts = each(map, "allow_hosts", FetchSection::host);
    List<Cidr> privates = each(map, "allow_private", FetchSection::network);
    Set<String> plain = new LinkedHashSet<>(each(map, "plain_http", FetchSection::name));
    Set<Integer> ports = new LinkedHashSet<>(each(map, "ports", FetchSection::port));
    if (!plain.isEmpty() && privates.isEmpty()) {
      map.self().problem("plain_http is for private hosts: name their network in allow_private");
    }
    Fetch fetch =
        new Fetch(
            new FetchRules(hosts, plain, ports.isEmpty() ? PORTS : ports, privates),
            map.get("size", NONE.size(), value -> value.asBytes(1024, 1024 * MIB)),
            map.get("connections", NONE.connections(), value -> value.asInt(1, 10_000)),
            map.get("connect", NONE.connect(), value -> ConfigLoader.time(value, 0, 60)),
            map.get("first_byte", NONE.firstByte(), value -> ConfigLoader.time(value, 0, 600)),
            map.get("total", NONE.total(), value -> ConfigLoader.time(value, 0, 600)),
            map.get("trust").map(certificate),
            map.get("requests", NONE.requests(), value -> value.asEnum(RequestUrls.class)),
            each(map, "request_hosts", FetchSection::host));
    if ((fetch.requests() == RequestUrls.INLINE) == fetch.requestHosts().isEmpty()) {
      map.self().problem("'requests: inline' and request_hosts go together");
    }
    map.rejectUnknown();
    return fetch;
  }

  private static <T> List<T> each(
      YamlMap map, String key, Function<YamlValue, Optional<T>> reader) {
    List<T> found = new ArrayList<>();
    for (YamlValue item : map.get(key, List.<YamlValue>of(), YamlValue::asList)) {
      reader.apply(item).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<HostPattern> host(YamlValue value) {
    Optional<HostPattern> host = HostPattern.parse(value.asString());
    if (host.isEmpty()) {
      value.problem("expected a host's name in lower case, or *.NAME.TLD for those below");
    }
    return host;
  }

  private static Optional<String> name(YamlValue value) {
    Optional<String> name =
        HostPattern.parse(value.asString())
            .filter(pattern -> !pattern.below())
            .map(HostPattern::name);
    if (name.isEmpty()) {
      value.problem("expected one host's name in lower case");
    }
    return name;
  }

  private static Optional<Integer> port(YamlValue value) {
    return Optional.of(value.asInt(1, 65_535));
  }

  /** Only what needs leave can be given leave: a slip of the prefix must not open the internet. */
  private static Optional<Cidr> network(YamlValue value) {
    Optional<Cidr> network = Cidr.parse(value.asString()).filter(Reach::isPrivate);
    if (network.isEmpty()) {
      value.problem("expected a private network such as 10.1.0.0/16 or 127.0.0.1/32");
    }
    return network;
  }
}
