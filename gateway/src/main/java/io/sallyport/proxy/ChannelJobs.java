package io.sallyport.proxy;

import io.sallyport.dialect.ChannelReading;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose the messages of one channel are: services that know no owners tell everybody about
 * everybody's jobs, and pictures do not say of which job they are. So a message is of the job that
 * it names, and one that names none of the last that was named. Lives on the channel's event loop.
 */
final class ChannelJobs {
  /**
   * How long a job may be unknown here that the upstream speaks of already: its channel may be
   * faster than the answer that tells its id.
   */
  private static final long APPEARS_WITHIN_MILLIS = 2_000;

  private static final long LOOK_EVERY_MILLIS = 20;
  private static final int REMEMBERED_MAX = 256;

  private final Corridor corridor;
  private final Visit visit;

  /** Jobs that nobody has who asks here, and those that were refused. */
  private final Set<String> strangers = new LinkedHashSet<>();

  private final Set<String> refused = new LinkedHashSet<>();
  private @Nullable Own current;

  ChannelJobs(Corridor corridor, Visit visit) {
    this.corridor = corridor;
    this.visit = visit;
  }

  /** Whose a message is. */
  sealed interface Whose {}

  /** The owner's. */
  record Own(String id, Job job) implements Whose {}

  /** The owner's, of a job that was refused: nothing more of it passes. */
  record Refused() implements Whose {}

  /** Nobody's: it may pass to everybody. */
  record Shared() implements Whose {}

  /** Somebody else's, or unknown. */
  record Foreign() implements Whose {}

  /** Finds out, which may take a moment for a job that is new. */
  Future<Whose> of(ChannelReading.About about) {
    return about.job().isPresent()
        ? named(about.job().get())
        : Future.succeededFuture(about.shared() ? new Shared() : unnamed());
  }

  /** The job is over: what names none is nobody's from now on. */
  void ended() {
    current = null;
  }

  /** Nothing more of this job passes. */
  void refuse(Own job) {
    remember(refused, job.id());
  }

  private Whose unnamed() {
    return current == null
        ? new Foreign()
        : current.job().refused().isPresent() || refused.contains(current.id())
            ? new Refused()
            : current;
  }

  private Future<Whose> named(String id) {
    return find(id)
        .map(
            job -> {
              current = job.map(it -> new Own(id, it)).orElse(null);
              return unnamed();
            });
  }

  private Future<Optional<Job>> find(String id) {
    Optional<Job> job = corridor.jobs().find(visit.owner(), id);
    if (job.isPresent() || corridor.jobs().knows(id) || strangers.contains(id)) {
      return Future.succeededFuture(job);
    }
    Promise<Optional<Job>> found = Promise.promise();
    look(id, System.nanoTime() + APPEARS_WITHIN_MILLIS * 1_000_000, found);
    return found.future();
  }

  private void look(String id, long until, Promise<Optional<Job>> found) {
    Optional<Job> job = corridor.jobs().find(visit.owner(), id);
    boolean late = System.nanoTime() - until > 0;
    if (job.isPresent() || late || corridor.jobs().knows(id) || visit.departure.left()) {
      if (late && job.isEmpty()) {
        remember(strangers, id);
      }
      found.complete(job);
    } else {
      visit.context.owner().setTimer(LOOK_EVERY_MILLIS, timer -> look(id, until, found));
    }
  }

  private static void remember(Set<String> ids, String id) {
    if (ids.size() == REMEMBERED_MAX) {
      ids.remove(ids.iterator().next());
    }
    ids.add(id);
  }
}
