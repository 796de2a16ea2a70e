package io.sallyport.detect;

/**
 * Whether a newcomer to the lane would come too late: how long what goes before it is expected to
 * take. Guarded by the lane's lock.
 *
 * <p>Before a newcomer goes whatever of its own caller is due earlier. Of another caller goes no
 * more than what is due earlier, and no more than the newcomer's caller itself gets meanwhile, plus
 * the slack of {@link FairQueue}. All threads share it.
 */
final class Forecast {
  private final FairQueue ready;
  private final int threads;

  Forecast(FairQueue ready, int threads) {
    this.ready = ready;
    this.threads = threads;
  }

  /**
   * True when what goes before it leaves the task too little time, as far as one can tell. One that
   * nothing goes before is always let in: its run is how a wrong expectation is corrected.
   *
   * @param account the newcomer's
   * @param expectedNanos what all that wait is expected to take, the newcomer not among it
   */
  boolean tooLate(Ticket newcomer, Account account, long expectedNanos, long nowNanos) {
    long left = newcomer.deadlineNanos - nowNanos;
    long spare = Math.max(0, left - newcomer.pace.expectedNanos());
    return expectedNanos / threads > spare && waitNanos(newcomer, account) > spare;
  }

  private long waitNanos(Ticket newcomer, Account account) {
    long own = ready.expectedBefore(newcomer, account);
    long[] all = {own};
    ready.forEachAccount(
        other -> {
          if (other != account) {
            long before = ready.expectedBefore(newcomer, other);
            all[0] += Math.min(before, own + FairQueue.SLACK_NANOS);
          }
        });
    return all[0] / threads;
  }
}
