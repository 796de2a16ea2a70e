package io.sallyport.detect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers what detectors said about prompts, so that a repeated prompt costs a hash instead of an
 * inference.
 *
 * <p>The key is HMAC-SHA256 (RFC 2104), keyed with random bytes of this process, over the raw
 * texts, the detectors' digests and the policy's digest: nobody can look for a prompt in a memory
 * dump without the key, and a new model or policy never meets an old answer. The texts are hashed
 * raw, not normalised: detectors judge the raw text too, so two texts with one normal form may
 * carry different evidence, and a cache may never answer milder than the detectors would. Lists
 * with a {@link Signal.Unavailable} are never kept: a failed check is tried again. Who of the
 * detectors is asked in a cascade follows from texts, detectors and policy alone, so an entry
 * belongs to those that were asked, and asking again would ask the same.
 *
 * <p>Bounded by the number of signals held, some 100 bytes each. Safe on every thread.
 */
public final class PromptCache {
  private static final String ALGORITHM = "HmacSHA256";

  /** What a prompt is remembered by: 256 bits in four words. */
  public record Key(long a, long b, long c, long d) {}

  private final Cache<Key, List<Signal>> cache;
  private final Mac keyed;

  /**
   * @param signalsMax signals kept at most, over all prompts; 0 keeps none
   */
  public PromptCache(long signalsMax) {
    // Maintenance runs on the callers' threads: no pool of others, and tests see its effect.
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(signalsMax)
            .weigher((Key key, List<Signal> signals) -> signals.size())
            .executor(Runnable::run)
            .recordStats()
            .build();
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /**
   * The key of a request's texts as judged by these detectors and this policy.
   *
   * @param stage at which they are judged: its name is in the signals
   * @param rawTexts as the client sent them, in order
   * @param digests of the detectors asked, by name
   * @param policyDigest the policy's
   */
  public Key key(
      Stage stage, List<String> rawTexts, Map<String, String> digests, String policyDigest) {
    KeyInput input = new KeyInput(copyOfKeyed());
    input.put(stage.wire());
    input.put(policyDigest);
    input.put(digests.size());
    new TreeMap<>(digests)
        .forEach(
            (name, digest) -> {
              input.put(name);
              input.put(digest);
            });
    input.put(rawTexts.size());
    rawTexts.forEach(input::put);
    return input.finish();
  }

  /** The signals kept for a key; counts as a hit or a miss. */
  public Optional<List<Signal>> get(Key key) {
    return Optional.ofNullable(cache.getIfPresent(key));
  }

  /** Keeps the signals, unless there are none or some detector had no answer. */
  public void put(Key key, List<Signal> signals) {
    if (!signals.isEmpty() && signals.stream().noneMatch(Signal.Unavailable.class::isInstance)) {
      cache.put(key, List.copyOf(signals));
    }
  }

  /** Counter: lookups that found something. */
  public long hits() {
    return cache.stats().hitCount();
  }

  /** Counter: lookups that found nothing. */
  public long misses() {
    return cache.stats().missCount();
  }

  /** Gauge: prompts kept, about. */
  public long size() {
    return cache.estimatedSize();
  }

  /** A Mac is not safe on several threads; a copy of the keyed one saves the key schedule. */
  private Mac copyOfKeyed() {
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be copied", e);
    }
  }
}
