package io.sallyport.proxy;

import io.sallyport.audit.Coverage;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.Defect;
import io.sallyport.dialect.Reading;
import io.sallyport.dialect.TextPart;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.util.List;

/**
 * A request for images: judge the prompt, forward, judge every image, answer. Nothing of the reply
 * is written before its verdict (I1) and before both decisions are durable (I2).
 */
final class GenerationFlow {
  private final Steps steps;

  GenerationFlow(Steps steps) {
    this.steps = steps;
  }

  Future<Outcome> run() {
    return steps
        .receive()
        .compose(body -> steps.readRequest(body).compose(parts -> promptGate(body, parts)));
  }

  private Future<Outcome> promptGate(Body body, Reading.Parts parts) {
    if (!parts.images().isEmpty()) {
      return steps.refuse(Stage.INPUT_IMAGE, new RefusalReason.Request(Defect.NOT_JUDGED));
    }
    List<String> texts = parts.texts().stream().map(TextPart::value).toList();
    Coverage coverage = steps.gates().coverage(steps.visit(), texts.size(), 0, parts.swept());
    return steps
        .gates()
        .prompt(steps.visit(), texts, coverage, true)
        .compose(
            judged ->
                judged.decision().blocked()
                    ? judged.receipt().compose(durable -> block(Stage.PROMPT, judged.decision()))
                    : forward(body, judged));
  }

  private Future<Outcome> forward(Body body, Judgement prompt) {
    return steps
        .call(body)
        .compose(reply -> steps.readReply(reply).compose(found -> imageGate(reply, found, prompt)))
        .recover(thrown -> prompt.receipt().compose(durable -> Future.failedFuture(thrown)));
  }

  private Future<Outcome> imageGate(
      UpstreamClient.Reply reply, Steps.Images found, Judgement prompt) {
    if (reply.status() >= 400) {
      return prompt.receipt().compose(durable -> steps.pass(reply));
    }
    List<Signal> earlier = prompt.decision().evidence().own();
    return steps
        .gates()
        .images(steps.visit(), Stage.OUTPUT_IMAGE, found, earlier)
        .compose(
            judged ->
                Future.all(prompt.receipt(), judged.receipt())
                    .compose(
                        durable ->
                            judged.decision().blocked()
                                ? block(Stage.OUTPUT_IMAGE, judged.decision())
                                : steps.pass(reply)));
  }

  private Future<Outcome> block(Stage stage, Decision decision) {
    if (decision.blockedUnavailable()) {
      return Future.failedFuture(new RefusedException(Unavailability.reason(stage, decision)));
    }
    var refusal = Blocks.refusal(steps.visit().dialect, stage, decision, steps.visit().requestId);
    return steps.responder().send(refusal).map(new Outcome("blocked", refusal.status()));
  }
}
