package io.sallyport.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** All policies of a folder, loaded together and replaced together. Immutable. */
public final class PolicyBook {
  private final SortedMap<String, Policy> byName = new TreeMap<>();
  private final String digest;

  /** Names are unique; the loader sees to that. */
  PolicyBook(Collection<Policy> policies) {
    StringBuilder digests = new StringBuilder();
    policies.forEach(policy -> byName.put(policy.name(), policy));
    byName.values().forEach(policy -> digests.append(policy.digest()).append('\n'));
    digest = CanonicalForm.sha256(digests.toString());
  }

  public Optional<Policy> get(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The names of all policies, sorted. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new java.util.TreeSet<>(byName.keySet()));
  }

  /** SHA-256 over the digests of all policies, 64 lower-case hex digits. */
  public String digest() {
    return digest;
  }
}
