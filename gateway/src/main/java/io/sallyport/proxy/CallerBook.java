package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.CallerKey;
import io.sallyport.config.GatewayConfig.Callers;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may call, by the SHA-256 of a key. Immutable and safe on every thread.
 *
 * <p>Keys are looked up by their digest, so that comparing takes no secret-dependent time.
 */
public final class CallerBook {
  private static final String ANONYMOUS = "anonymous";
  private static final String BEARER = "bearer ";

  private final String header;
  private final Optional<String> subjectHeader;
  private final String defaultPolicy;
  private final Map<String, CallerKey> byDigest = new HashMap<>();

  public CallerBook(Callers callers, String defaultPolicy) {
    this.header = callers.header();
    this.subjectHeader = callers.subjectHeader();
    this.defaultPolicy = defaultPolicy;
    for (CallerKey key : callers.keys()) {
      byDigest.put(key.sha256(), key);
    }
  }

  /** True when no key is configured and everybody is the one anonymous caller. */
  public boolean open() {
    return byDigest.isEmpty();
  }

  /** The policies that callers are judged by. */
  public Set<String> policies() {
    Set<String> policies = new java.util.HashSet<>(Set.of(defaultPolicy));
    byDigest.values().forEach(key -> policies.add(key.policy()));
    return policies;
  }

  /**
   * Who sends these headers; empty when keys are configured and none of them is there. Two values
   * of the header are nobody: readers would differ in which one they take.
   */
  Optional<Caller> find(MultiMap headers) {
    if (open()) {
      return Optional.of(new Caller(ANONYMOUS, defaultPolicy, Set.of()));
    }
    List<String> values = headers.getAll(header);
    if (values.size() != 1) {
      return Optional.empty();
    }
    String value = values.get(0);
    boolean bearer = value.regionMatches(true, 0, BEARER, 0, BEARER.length());
    String digest = sha256(bearer ? value.substring(BEARER.length()).strip() : value);
    return Optional.ofNullable(byDigest.get(digest))
        .map(key -> new Caller(key.name(), key.policy(), Set.of(header)));
  }

  /** The end user that a trusted front end names, when one is configured. */
  Optional<String> subject(MultiMap headers) {
    return subjectHeader
        .map(headers::getAll)
        .filter(values -> values.size() == 1 && !values.get(0).isBlank())
        .map(values -> values.get(0));
  }

  private static String sha256(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * An authenticated caller.
   *
   * @param policy the policy that its traffic is judged by; nothing in a request changes it (I6)
   * @param ownHeaders header fields that hold the gateway's own key and must not go upstream
   */
  record Caller(String name, String policy, Set<String> ownHeaders) {}
}
