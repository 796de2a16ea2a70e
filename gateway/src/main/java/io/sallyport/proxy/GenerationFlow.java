package io.sallyport.proxy;

import io.sallyport.signal.Stage;
import io.vertx.core.Future;

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
    InputGates gates = new InputGates(steps, steps::block);
    return steps
        .receive()
        .compose(
            body ->
                steps.readRequest(body).compose(parts -> gates.pass(body, parts, this::forward)));
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
    return before.through(
        steps.gates().images(steps.visit(), Stage.OUTPUT_IMAGE, found, before.signals()),
        passed -> passed.durable().compose(durable -> steps.pass(reply)),
        steps::block);
  }
}
