package io.sallyport.proxy;

import io.sallyport.audit.Coverage;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.ImagePart;
import io.sallyport.dialect.Reading;
import io.sallyport.dialect.TextPart;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The moderation API: judges texts and images by the caller's policy and answers in OpenAI's shape.
 * Nothing goes upstream. Every decision is durable before it is told, as everywhere (I2).
 */
final class ModerationFlow {
  private final Steps steps;

  ModerationFlow(Steps steps) {
    this.steps = steps;
  }

  Future<Outcome> run() {
    return steps
        .receive()
        .compose(
            body ->
                steps
                    .readRequest(body)
                    .compose(
                        parts ->
                            steps
                                .readImages(body, parts.images())
                                .compose(images -> judge(parts, images))));
  }

  private Future<Outcome> judge(Reading.Parts parts, Steps.Images images) {
    List<Future<List<Decision>>> results = new ArrayList<>();
    for (Item item : items(parts, images)) {
      results.add(decide(item, parts.swept()));
    }
    return Future.all(results)
        .compose(
            done -> {
              List<List<Decision>> decisions = results.stream().map(Future::result).toList();
              for (List<Decision> item : decisions) {
                for (Decision decision : item) {
                  if (decision.blockedUnavailable()) {
                    return Future.failedFuture(
                        new RefusedException(Unavailability.reason(decision.stage(), decision)));
                  }
                }
              }
              var answer =
                  ModerationReply.of(steps.visit().policy, decisions, steps.visit().requestId);
              return steps.responder().send(answer).map(new Outcome("judged", answer.status()));
            });
  }

  private Future<List<Decision>> decide(Item item, int swept) {
    int texts = item.texts.size();
    Coverage coverage =
        steps.gates().coverage(steps.visit(), Stage.PROMPT, texts, item.count, swept);
    Future<Judgement> prompt =
        texts == 0
            ? Future.succeededFuture(null)
            : steps
                .gates()
                .texts(steps.visit(), Stage.PROMPT, item.texts, coverage, item.count > 0);
    return prompt.compose(
        judged -> {
          if (item.count == 0) {
            return judged.receipt().map(durable -> List.of(judged.decision()));
          }
          List<Signal> earlier = judged == null ? List.of() : judged.decision().evidence().own();
          return steps
              .gates()
              .images(steps.visit(), Stage.INPUT_IMAGE, item.found(), earlier)
              .compose(image -> both(judged, image));
        });
  }

  private static Future<List<Decision>> both(
      @org.jspecify.annotations.Nullable Judgement prompt, Judgement image) {
    if (prompt == null) {
      return image.receipt().map(durable -> List.of(image.decision()));
    }
    return Future.all(prompt.receipt(), image.receipt())
        .map(durable -> List.of(prompt.decision(), image.decision()));
  }

  /** A list of strings asks for one result each; anything else is one thing with one result. */
  private static List<Item> items(Reading.Parts parts, Steps.Images images) {
    Map<String, Item> items = new LinkedHashMap<>();
    for (TextPart text : parts.texts()) {
      items.computeIfAbsent(itemOf(text.where()), where -> new Item()).texts.add(text.value());
    }
    for (int i = 0; i < parts.images().size(); i++) {
      ImagePart part = parts.images().get(i);
      Item item = items.computeIfAbsent(itemOf(part.where()), where -> new Item());
      item.count++;
      if (!images.images().isEmpty()) {
        item.images.add(images.images().get(i));
        item.hashes.add(images.hashes().get(i));
      }
    }
    return List.copyOf(items.values());
  }

  /** {@code /input/3} is an item of its own; {@code /input} and {@code /input/3/text} are one. */
  private static String itemOf(String where) {
    return where.matches("/input/\\d+") ? where : "/input";
  }

  private static final class Item {
    private final List<String> texts = new ArrayList<>();
    private final List<ByteBuffer> images = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private int count;

    Steps.Images found() {
      return new Steps.Images(count, images, hashes);
    }
  }
}
