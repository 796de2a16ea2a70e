package io.sallyport.proxy;

import io.sallyport.dialect.Defect;
import io.sallyport.dialect.Naming;
import io.sallyport.dialect.Reading;
import io.sallyport.dialect.RefPart;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a request brings to be judged as images: those in its body, the files that it
 * names, and those behind URLs. What was judged when it was uploaded comes with what was said of it
 * then, so that rules about prompt and image together see both. Lives on the visit's event loop.
 */
final class InputImages {
  private final Steps steps;
  private final Corridor corridor;
  private final Visit visit;
  private final boolean judged;

  InputImages(Steps steps) {
    this.steps = steps;
    this.corridor = steps.corridor();
    this.visit = steps.visit();
    this.judged = corridor.gates().judges(visit, Stage.INPUT_IMAGE);
  }

  /**
   * What was found.
   *
   * @param body what goes upstream
   */
  record Found(Body body, Steps.Images images) {}

  /** Finds them all; refuses, on record, what cannot be had. */
  Future<Found> gather(Body body, Reading.Parts parts) {
    return steps
        .readImages(body, parts.images())
        .compose(images -> named(parts.references()).map(images::and))
        .compose(
            images ->
                parts.links().isEmpty()
                    ? Future.succeededFuture(new Found(body, images))
                    : new Inlining(steps)
                        .inline(body.plain(), parts.links())
                        .map(made -> new Found(made.body(), images.and(made.images()))));
  }

  private Future<Steps.Images> named(List<RefPart> references) {
    Set<String> keys = new LinkedHashSet<>();
    for (RefPart reference : references) {
      Optional<String> key =
          naming().key(reference.name()).filter(it -> !others(it)).filter(this::available);
      if (key.isEmpty()) {
        return steps.refuse(Stage.INPUT_IMAGE, TransportReason.UNKNOWN_REFERENCE);
      }
      keys.add(key.get());
    }
    return next(keys.iterator(), Steps.Images.NONE);
  }

  private Naming naming() {
    return visit.dialect.naming().orElseThrow();
  }

  private boolean others(String key) {
    return corridor.references().isOthers(visit.owner(), key);
  }

  private boolean available(String key) {
    return naming().fetched() || known(key).isPresent();
  }

  /** What is known of a file, and still counts. */
  private Optional<References.Known> known(String key) {
    return corridor
        .references()
        .find(visit.owner(), key)
        .filter(it -> it.by().equals(corridor.gates().judges(visit)));
  }

  /** One after another: few requests name many, and one that does waits for them anyway. */
  private Future<Steps.Images> next(Iterator<String> keys, Steps.Images before) {
    if (!keys.hasNext()) {
      return Future.succeededFuture(before);
    }
    String key = keys.next();
    Optional<References.Known> known = known(key);
    if (known.isPresent()) {
      return next(keys, before.and(Steps.Images.known(known.get(), judged)));
    }
    if (!judged) {
      return next(keys, before.and(new Steps.Images(1, List.of(), List.of())));
    }
    return new KeptFile(steps)
        .fetch(naming().target(key), new RefusalReason.Request(Defect.NOT_JUDGED))
        .compose(
            found -> {
              corridor.references().looked(key, found.hashes().getFirst());
              return next(keys, before.and(found));
            });
  }
}
