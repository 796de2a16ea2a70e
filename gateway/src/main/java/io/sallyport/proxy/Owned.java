package io.sallyport.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;

/**
 * Things that belong to somebody, by the id that their API gives them or that a client chose. An id
 * belongs to the first who has it; for everybody else it does not exist. Bounded in number and in
 * time; safe on every thread.
 */
final class Owned<V> {
  private final Cache<String, Thing<V>> things;

  /**
   * @param most things at most; beyond, the least recently used is forgotten
   * @param keep a thing is forgotten when nobody asked for it so long
   */
  Owned(long most, Duration keep, Ticker ticker) {
    this.things =
        Caffeine.newBuilder().maximumSize(most).expireAfterAccess(keep).ticker(ticker).build();
  }

  private record Thing<V>(Owner owner, V value) {}

  /** What the owner has under this id; empty when it is unknown, or another's. */
  Optional<V> find(Owner owner, String id) {
    return Optional.ofNullable(things.getIfPresent(id))
        .filter(thing -> thing.owner().equals(owner))
        .map(Thing::value);
  }

  /**
   * Makes the id the owner's, or gives it another value when it is already.
   *
   * @return false when it is another's: then nothing changed
   */
  boolean claim(Owner owner, String id, V value) {
    return claim(owner, id, value, (there, next) -> next);
  }

  /**
   * The same, where the value that is there has a say in what becomes of both.
   *
   * @param both of the one that is there and the given one; called within the map's lock
   */
  boolean claim(Owner owner, String id, V value, BinaryOperator<V> both) {
    AtomicBoolean mine = new AtomicBoolean();
    things
        .asMap()
        .compute(
            id,
            (key, there) -> {
              mine.set(there == null || there.owner().equals(owner));
              if (!mine.get()) {
                return there;
              }
              return new Thing<>(owner, there == null ? value : both.apply(there.value(), value));
            });
    return mine.get();
  }

  /** How many there are, about. */
  long size() {
    return things.estimatedSize();
  }
}
