package io.sallyport.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.sallyport.signal.Signal;
import java.text.Normalizer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files that were uploaded through the gateway, by their key: whose they are, and what was said of
 * their bytes. Several may have uploaded the same bytes under one key; each of them owns it then.
 * Bounded in number and in time; safe on every thread.
 *
 * <p>Keys that differ in case or in Unicode's forms only share a place, for on some servers they
 * are one file: the last one uploaded is known, and the others are not.
 */
final class References {
  /** Owners of one file; with one more, the last one alone has it. */
  private static final int OWNERS_MAX = 64;

  private final Cache<String, Kept> files;

  /**
   * @param most files at most; beyond, the least recently used is forgotten
   * @param keep a file is forgotten when nobody asked for it so long
   */
  References(long most, Duration keep, Ticker ticker) {
    this.files =
        Caffeine.newBuilder().maximumSize(most).expireAfterAccess(keep).ticker(ticker).build();
  }

  /**
   * By whom something was judged: what else looks at it must look anew.
   *
   * @param policy digest of the policy
   * @param detectors digests of those that looked, by name
   */
  record Judges(String policy, Map<String, String> detectors) {
    Judges {
      detectors = Map.copyOf(detectors);
    }
  }

  /**
   * What is known of a file.
   *
   * @param hash keyed hash of its bytes
   * @param signals what every detector said of it, whatever the prompt was
   */
  record Known(String hash, Judges by, List<Signal> signals) {
    Known {
      signals = List.copyOf(signals);
    }
  }

  /**
   * One place.
   *
   * @param doubted true when the file may be another by now
   */
  private record Kept(String key, String hash, boolean doubted, Map<Owner, Known> owners) {
    Kept {
      owners = Map.copyOf(owners);
    }
  }

  /**
   * What is known of a file of this owner's.
   *
   * @return empty when it was not uploaded by the owner, or may be another file by now
   */
  Optional<Known> find(Owner owner, String key) {
    return kept(key).filter(it -> !it.doubted()).map(it -> it.owners().get(owner));
  }

  /** Whether others have uploaded the file, and this owner has not. */
  boolean isOthers(Owner owner, String key) {
    return kept(key).filter(it -> !it.owners().containsKey(owner)).isPresent();
  }

  /** Notes that the owner uploaded a file. Whoever had other bytes under the key has lost them. */
  void remember(Owner owner, String key, Known known) {
    files.asMap().compute(place(key), (place, there) -> with(there, owner, key, known));
  }

  private static Kept with(@Nullable Kept there, Owner owner, String key, Known known) {
    Map<Owner, Known> owners = new LinkedHashMap<>();
    if (there != null
        && there.key().equals(key)
        && there.hash().equals(known.hash())
        && there.owners().size() < OWNERS_MAX) {
      owners.putAll(there.owners());
    }
    owners.put(owner, known);
    return new Kept(key, known.hash(), false, owners);
  }

  /**
   * Notes that something is being written where a file is: until it is uploaded anew, or was looked
   * at, nobody knows it. It stays whose it is.
   */
  void doubt(String key) {
    files
        .asMap()
        .computeIfPresent(
            place(key), (place, it) -> new Kept(it.key(), it.hash(), true, it.owners()));
  }

  /** Notes that a file was looked at: when it is as before, it is known again. */
  void looked(String key, String hash) {
    files
        .asMap()
        .computeIfPresent(
            place(key),
            (place, it) ->
                it.key().equals(key) && it.hash().equals(hash)
                    ? new Kept(key, hash, false, it.owners())
                    : it);
  }

  private Optional<Kept> kept(String key) {
    return Optional.ofNullable(files.getIfPresent(place(key))).filter(it -> it.key().equals(key));
  }

  private static String place(String key) {
    return Normalizer.normalize(key, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** How many there are, about. */
  long size() {
    return files.estimatedSize();
  }
}
