package io.sallyport.detect;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The callers that the lane tells apart: {@link #MAX} at most, and beyond that, while nobody of
 * them is idle, one account for all others together. Guarded by the lane's lock.
 */
final class Callers {
  /** Accounts at most, but for the one that others share. */
  static final int MAX = 256;

  private final Map<String, Account> accounts = new HashMap<>();
  private final Account others = new Account("");
  private final Consumer<Account> forgotten;

  /**
   * @param forgotten told of an idle account that made room for another
   */
  Callers(Consumer<Account> forgotten) {
    this.forgotten = forgotten;
  }

  Account of(String name) {
    Account known = accounts.get(name);
    if (known != null) {
      return known;
    }
    if (accounts.size() >= MAX && !makeRoom()) {
      return others;
    }
    Account fresh = new Account(name);
    accounts.put(name, fresh);
    return fresh;
  }

  private boolean makeRoom() {
    Iterator<Account> all = accounts.values().iterator();
    while (all.hasNext()) {
      Account account = all.next();
      if (account.idle()) {
        all.remove();
        forgotten.accept(account);
        return true;
      }
    }
    return false;
  }

  /** Who has most waiting; none when nobody has anything. */
  @Nullable Account fullest() {
    Account fullest = others.waiting > 0 ? others : null;
    for (Account account : accounts.values()) {
      if (account.waiting > (fullest == null ? 0 : fullest.waiting)) {
        fullest = account;
      }
    }
    return fullest;
  }

  /** How many have something waiting or running. */
  int active() {
    int active = others.idle() ? 0 : 1;
    for (Account account : accounts.values()) {
      active += account.idle() ? 0 : 1;
    }
    return active;
  }

  /** Tasks waiting of the caller that has most. */
  int most() {
    Account fullest = fullest();
    return fullest == null ? 0 : fullest.waiting;
  }
}
