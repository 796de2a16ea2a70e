package io.sallyport.proxy;

import io.sallyport.audit.Coverage;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.Reading;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The gates before the upstream: the texts of a request, its negative texts, then the images that
 * it brings or names. Lives on the visit's event loop.
 */
final class InputGates {
  private final Steps steps;
  private final Function<Decision, Future<Outcome>> blocked;

  /**
   * @param blocked answers a request that a gate refused; called once its decision is on record
   */
  InputGates(Steps steps, Function<Decision, Future<Outcome>> blocked) {
    this.steps = steps;
    this.blocked = blocked;
  }

  /**
   * Goes on behind the last gate when all stay open.
   *
   * @param open gets the body to send: the request's own, unless images came into the place of URLs
   */
  Future<Outcome> pass(
      Body body, Reading.Parts parts, BiFunction<Body, Trail, Future<Outcome>> open) {
    Wording wording = Wording.of(parts.texts());
    return texts(
        Stage.PROMPT,
        wording.prompt(),
        parts,
        Trail.BEGIN,
        passed -> negativePrompt(body, parts, wording, passed, open));
  }

  /** Judged where the policy looks at it: harmful words are ordinary in it. */
  private Future<Outcome> negativePrompt(
      Body body,
      Reading.Parts parts,
      Wording wording,
      Trail before,
      BiFunction<Body, Trail, Future<Outcome>> open) {
    return steps.visit().policy.judges(Stage.NEGATIVE_PROMPT)
        ? texts(
            Stage.NEGATIVE_PROMPT,
            wording.negative(),
            parts,
            before,
            passed -> images(body, parts, passed, open))
        : images(body, parts, before, open);
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
    return before.through(
        steps.gates().texts(steps.visit(), stage, texts, coverage, true), next, blocked);
  }

  private Future<Outcome> images(
      Body body, Reading.Parts parts, Trail before, BiFunction<Body, Trail, Future<Outcome>> open) {
    if (parts.images().isEmpty() && parts.references().isEmpty() && parts.links().isEmpty()) {
      return open.apply(body, before);
    }
    return new InputImages(steps)
        .gather(body, parts)
        .recover(before::failed)
        .compose(
            inputs ->
                before.through(
                    steps
                        .gates()
                        .images(
                            steps.visit(), Stage.INPUT_IMAGE, inputs.images(), before.signals()),
                    passed -> open.apply(inputs.body(), passed),
                    blocked));
  }
}
