package io.sallyport.proxy;

import io.sallyport.decide.Decision;
import io.sallyport.dialect.Defect;
import io.sallyport.dialect.Effect;
import io.sallyport.dialect.JobWords;
import io.sallyport.dialect.Reading;
import io.sallyport.dialect.Refusal;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Generations that are collected later. A request for one is judged like any other, and its job
 * belongs to whoever asked, with what the gates said of it, before the client knows of the job.
 * Whoever asks for a job must own it; its images are judged in the light of what was said before,
 * each time they come. Lives on the visit's event loop.
 */
final class JobFlow {
  private final Steps steps;
  private final Visit visit;
  private final Owned<Job> jobs;
  private final JobReplies replies;

  JobFlow(Steps steps) {
    this.steps = steps;
    this.visit = steps.visit();
    this.jobs = steps.corridor().jobs();
    this.replies = new JobReplies(steps);
  }

  /** A reply that could not be written anew need not be asked for. */
  Future<Outcome> run() {
    if (visit.route.editsReplies() && replies.words("").self().isEmpty()) {
      return Future.failedFuture(new RefusedException(TransportReason.HOST));
    }
    return steps.receive().compose(body -> steps.readRequest(body).compose(it -> run(body, it)));
  }

  private Future<Outcome> run(Body body, Reading.Parts parts) {
    if (visit.route.effect() != Effect.CREATE_JOB) {
      return ask(body, parts.jobs());
    }
    if (!ownsChannel(parts)) {
      return steps.refuse(Stage.PROMPT, TransportReason.CHANNEL_UNKNOWN);
    }
    List<String> chosen = parts.jobs();
    InputGates gates = new InputGates(steps, decision -> refuse(decision, chosen));
    return gates.pass(body, parts, (sent, passed) -> submit(sent, chosen, passed));
  }

  /**
   * A service tells the channel that a request names of its job: it must not be somebody else's.
   */
  private boolean ownsChannel(Reading.Parts parts) {
    return visit.dialect.channel().isEmpty()
        || parts.user().isEmpty()
        || steps.corridor().channels().claim(visit.owner(), parts.user().get());
  }

  /** A failed check is no refusal: it is told at once. */
  private Future<Outcome> refuse(Decision decision, List<String> chosen) {
    String id = chosen.isEmpty() ? UUID.randomUUID().toString() : chosen.getFirst();
    JobWords words = replies.words(id);
    if (!visit.route.defersRefusals() || decision.blockedUnavailable()) {
      return steps.block(decision, words);
    }
    Job refused = new Job(List.of(), Optional.of(new Job.Refused(decision, visit.requestId)));
    if (!jobs.claim(visit.owner(), id, refused, Job::and)) {
      return unknown();
    }
    return steps.answerRefused(Blocks.deferred(visit.dialect, visit.requestId, words));
  }

  /** An id of the client's own is the client's before the upstream hears of it. */
  private Future<Outcome> submit(Body body, List<String> chosen, Trail before) {
    Job job = Job.of(before.signals());
    for (String id : chosen) {
      if (!jobs.claim(visit.owner(), id, job, Job::and)) {
        return before.durable().compose(durable -> unknown());
      }
    }
    String id = chosen.isEmpty() ? "" : chosen.getFirst();
    Trail all = before.saying(said(chosen, job));
    return steps
        .ask(body)
        .compose(
            answered ->
                switch (answered) {
                  case UpstreamClient.Reply reply ->
                      steps.read(reply).compose(found -> bind(reply, found, id, job, all));
                  case ReplyStream stream ->
                      new StreamFlow(steps, stream, all, replies.words(id)).run();
                })
        .recover(before::failed);
  }

  /** An upstream may answer with what it made of an earlier request for the same id. */
  private List<Signal> said(List<String> ids, Job job) {
    Job all = job;
    for (String id : ids) {
      all = jobs.find(visit.owner(), id).map(all::and).orElse(all);
    }
    return all.signals();
  }

  /** The job that a reply names is the client's before the client hears of it. */
  private Future<Outcome> bind(
      UpstreamClient.Reply reply, Steps.Found found, String chosen, Job job, Trail before) {
    boolean begun = reply.status() < 400;
    if (begun && visit.route.namesJob() && found.jobs().isEmpty()) {
      return steps.refuse(Stage.OUTPUT_IMAGE, new RefusalReason.Reply(Defect.MISSING_FIELD));
    }
    String id = chosen;
    if (begun && !found.jobs().isEmpty()) {
      id = found.jobs().getFirst();
      if (found.jobs().size() > 1 || !jobs.claim(visit.owner(), id, job, Job::and)) {
        return steps.refuse(Stage.OUTPUT_IMAGE, new RefusalReason.Reply(Defect.NOT_JUDGED));
      }
    }
    return replies.pass(reply, found, replies.words(id), before);
  }

  private Future<Outcome> ask(Body body, List<String> ids) {
    if (ids.isEmpty()) {
      return steps.refuse(Stage.PROMPT, new RefusalReason.Request(Defect.MISSING_FIELD));
    }
    List<Signal> said = new ArrayList<>();
    for (String id : ids) {
      Optional<Job> job = jobs.find(visit.owner(), id);
      if (job.isEmpty()) {
        return unknown();
      }
      if (job.get().refused().isPresent()) {
        return tell(job.get().refused().get(), replies.words(id));
      }
      said.addAll(job.get().signals());
    }
    Trail before = new Trail(said, List.of());
    JobWords words = replies.words(ids.getFirst());
    return steps
        .ask(body)
        .compose(
            answered ->
                switch (answered) {
                  case UpstreamClient.Reply reply ->
                      steps.read(reply).compose(it -> replies.pass(reply, it, words, before));
                  case ReplyStream stream -> new StreamFlow(steps, stream, before, words).run();
                });
  }

  private Future<Outcome> tell(Job.Refused refused, JobWords words) {
    Refusal answer = Blocks.ofJob(visit.dialect, visit.route, refused, visit.requestId, words);
    return steps.answerRefused(answer);
  }

  private static <T> Future<T> unknown() {
    return Future.failedFuture(new RefusedException(TransportReason.UNKNOWN_JOB));
  }
}
