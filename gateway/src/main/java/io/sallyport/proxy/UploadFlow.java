package io.sallyport.proxy;

import io.sallyport.dialect.Defect;
import io.sallyport.dialect.ImagePart;
import io.sallyport.dialect.Reading;
import io.sallyport.dialect.RefRule;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * A file that is to be kept and named later: judged before the upstream has it, and remembered with
 * what every detector said of it once the upstream has told its name. Where the upstream makes
 * another file of it, that one is fetched and judged before the answer goes on.
 */
final class UploadFlow {
  private final Steps steps;
  private final Corridor corridor;
  private final Visit visit;
  private final RefRule rule;

  UploadFlow(Steps steps) {
    this.steps = steps;
    this.corridor = steps.corridor();
    this.visit = steps.visit();
    this.rule = visit.route.ref().orElseThrow();
  }

  Future<Outcome> run() {
    return steps
        .receive()
        .compose(
            body ->
                steps
                    .readRequest(body)
                    .compose(
                        parts -> named(body).compose(replaced -> judge(body, parts, replaced))));
  }

  /**
   * The key whose file this one may replace.
   *
   * @return fails when the form names files in no plain way, or one of somebody else's
   */
  private Future<Optional<String>> named(Body body) {
    String header = Bodies.contentType(visit.request.headers());
    String type = header == null ? "" : header;
    Body plain = body.plain();
    return steps
        .onLane(
            plain.length(),
            () -> {
              byte[] form = plain.exact();
              return new Names(rule.replaced(type, form), rule.original(type, form));
            })
        .compose(this::plainAndOwn);
  }

  /** The keys that a form tells. */
  private record Names(Optional<String> replaced, Optional<String> original) {}

  private Future<Optional<String>> plainAndOwn(Names names) {
    if ((rule.mayReplace() && names.replaced().isEmpty())
        || (rule.hasOriginal() && names.original().isEmpty())) {
      return steps.refuse(Stage.INPUT_IMAGE, new RefusalReason.Request(Defect.NOT_JUDGED));
    }
    return names
            .original()
            .filter(it -> corridor.references().isOthers(visit.owner(), it))
            .isPresent()
        ? steps.refuse(Stage.INPUT_IMAGE, TransportReason.UNKNOWN_REFERENCE)
        : Future.succeededFuture(names.replaced());
  }

  private Future<Outcome> judge(Body body, Reading.Parts parts, Optional<String> replaced) {
    ImagePart file = parts.images().getFirst();
    return new InputGates(steps, steps::block)
        .pass(
            body,
            parts,
            (sent, passed) -> {
              replaced.ifPresent(corridor.references()::doubt);
              return steps
                  .call(sent)
                  .compose(
                      reply ->
                          steps
                              .readReply(reply)
                              .compose(found -> answer(sent, file, reply, found, passed)))
                  .recover(passed::failed);
            });
  }

  private Future<Outcome> answer(
      Body sent, ImagePart file, UpstreamClient.Reply reply, Steps.Images found, Trail passed) {
    if (found.count() > 0) {
      return steps.refuse(Stage.OUTPUT_IMAGE, new RefusalReason.Reply(Defect.UNCLAIMED_IMAGE));
    }
    if (reply.status() >= 400) {
      return passed.durable().compose(durable -> steps.pass(reply));
    }
    return steps
        .plain(reply)
        .compose(plain -> keep(sent, file, rule.stored(plain.exact()), passed))
        .compose(
            kept ->
                kept.refused().isPresent()
                    ? Future.succeededFuture(kept.refused().get())
                    : kept.passed().durable().compose(durable -> steps.pass(reply)));
  }

  /** What became of a file: answered with a refusal, or kept. */
  private record Kept(Trail passed, Optional<Outcome> refused) {}

  private Future<Kept> keep(Body sent, ImagePart file, Optional<String> key, Trail passed) {
    if (rule.composite()) {
      return key.map(it -> composite(it, passed))
          .orElseGet(
              () -> steps.refuse(Stage.INPUT_IMAGE, new RefusalReason.Reply(Defect.MISSING_FIELD)));
    }
    Body plain = sent.plain();
    return steps
        .onLane(plain.length(), () -> corridor.gates().imageHash(file.bytes(plain.bytes())))
        .map(
            hash -> {
              key.ifPresent(it -> remember(it, hash, passed.signals()));
              return new Kept(passed, Optional.empty());
            });
  }

  /** Made by the upstream of two pictures: it may show what neither did. */
  private Future<Kept> composite(String key, Trail passed) {
    corridor.references().doubt(key);
    List<Signal> earlier =
        passed.signals().stream().filter(it -> it.stage() != Stage.INPUT_IMAGE).toList();
    return new KeptFile(steps)
        .fetch(rule.naming().target(key), new RefusalReason.Reply(Defect.NOT_JUDGED))
        .compose(
            made ->
                corridor
                    .gates()
                    .images(visit, Stage.INPUT_IMAGE, made, earlier)
                    .compose(judged -> settled(key, made, judged, passed)));
  }

  private Future<Kept> settled(String key, Steps.Images made, Judgement judged, Trail passed) {
    Trail now = passed.with(judged);
    if (judged.decision().blocked()) {
      return now.durable()
          .compose(durable -> steps.block(judged.decision()))
          .map(outcome -> new Kept(now, Optional.of(outcome)));
    }
    // Where nobody judges images nothing is hashed either: then the file is like no other.
    String hash = made.hashes().stream().findFirst().orElse(visit.requestId);
    remember(key, hash, judged.decision().evidence().own());
    return Future.succeededFuture(new Kept(now, Optional.empty()));
  }

  private void remember(String key, String hash, List<Signal> signals) {
    List<Signal> ofImage = signals.stream().filter(it -> it.stage() == Stage.INPUT_IMAGE).toList();
    corridor
        .references()
        .remember(
            visit.owner(),
            key,
            new References.Known(hash, corridor.gates().judges(visit), ofImage));
  }
}
