package io.sallyport.proxy;

/**
 * What one exchange takes of the budget while a lane thread works for it. Safe on every thread: the
 * exchange may end, and give everything back, before that thread hears of it.
 */
final class BudgetShare {
  private final ByteBudget budget;
  private long taken;
  private boolean released;

  BudgetShare(ByteBudget budget) {
    this.budget = budget;
  }

  /** Takes room for so many bytes more; false when there is none, or the exchange has ended. */
  synchronized boolean take(long bytes) {
    if (released || !budget.take(bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives everything back, and nothing more is taken. */
  synchronized void release() {
    released = true;
    budget.give(taken);
    taken = 0;
  }
}
