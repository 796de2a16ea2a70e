package io.sallyport.proxy;

import io.sallyport.audit.Coverage;
import io.sallyport.dialect.Reading;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * A request for images: judge its texts, then the images that it brings, forward, judge every image
 * of the reply, answer. Nothing of the reply is written before its verdict (I1) and before all
 * decisions are durable (I2).
 */
final class GenerationFlow {
  private final Steps steps;

  GenerationFlow(Steps steps) {
    this.steps = steps;
  }

  Future<Outcome> run() {
    return steps
        .receive()
        .compose(body -> steps.readRequest(body).compose(parts -> prompt(body, parts)));
  }

  private Future<Outcome> prompt(Body body, Reading.Parts parts) {
    Wording wording = Wording.of(parts.texts());
    return texts(
        Stage.PROMPT,
        wording.prompt(),
        parts,
        Trail.BEGIN,
        passed -> negativePrompt(body, parts, wording, passed));
  }

  /** Judged where the policy looks at it: harmful words are ordinary in it. */
  private Future<Outcome> negativePrompt(
      Body body, Reading.Parts parts, Wording wording, Trail before) {
    return steps.visit().policy.judges(Stage.NEGATIVE_PROMPT)
        ? texts(
            Stage.NEGATIVE_PROMPT,
            wording.negative(),
            parts,
            before,
            passed -> inputImages(body, parts, passed))
        : inputImages(body, parts, before);
  }

  private Future<Outcome> texts(
      Stage stage,
      List<String> texts,
      Reading.Parts parts,
      Trail before,
      Function<Trail, Future<Outcome>> next) {
    if (texts.isEmpty()) {
      return next.apply(before);
    }
    int swept = stage == Stage.PROMPT ? parts.swept() : 0;
    Coverage coverage =
        steps.gates().coverage(steps.visit(), stage, texts.size(), parts.images().size(), swept);
    return gate(steps.gates().texts(steps.visit(), stage, texts, coverage, true), before, next);
  }

  private Future<Outcome> inputImages(Body body, Reading.Parts parts, Trail before) {
    if (parts.images().isEmpty()) {
      return forward(body, before);
    }
    return steps
        .readImages(body, parts.images())
        .recover(before::failed)
        .compose(found -> images(Stage.INPUT_IMAGE, found, before, now -> forward(body, now)));
  }

  private Future<Outcome> forward(Body body, Trail before) {
    return steps
        .ask(body)
        .compose(
            answered ->
                switch (answered) {
                  case UpstreamClient.Reply reply ->
                      steps.readReply(reply).compose(found -> answer(reply, found, before));
                  case ReplyStream stream -> new StreamFlow(steps, stream, before).run();
                })
        .recover(before::failed);
  }

  private Future<Outcome> answer(UpstreamClient.Reply reply, Steps.Images found, Trail before) {
    if (reply.status() >= 400) {
      return before.durable().compose(durable -> steps.pass(reply));
    }
    return images(
        Stage.OUTPUT_IMAGE,
        found,
        before,
        passed -> passed.durable().compose(durable -> steps.pass(reply)));
  }

  private Future<Outcome> images(
      Stage stage, Steps.Images found, Trail before, Function<Trail, Future<Outcome>> next) {
    return gate(steps.gates().images(steps.visit(), stage, found, before.signals()), before, next);
  }

  /** Goes on when the gate stays open; else answers with the refusal. */
  private Future<Outcome> gate(
      Future<Judgement> judged, Trail before, Function<Trail, Future<Outcome>> next) {
    return judged.compose(
        judgement -> {
          Trail passed = before.with(judgement);
          return judgement.decision().blocked()
              ? passed.durable().compose(durable -> steps.block(judgement.decision()))
              : next.apply(passed);
        });
  }
}
