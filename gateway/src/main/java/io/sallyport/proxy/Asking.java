package io.sallyport.proxy;

import io.sallyport.decide.Cascade;
import io.sallyport.decide.Evidence;
import io.sallyport.detect.Inquiry;
import io.sallyport.detect.Sample;
import io.sallyport.dialect.Effect;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks the detectors of a stage in rounds, cheap ones first, each later round only about items and
 * of detectors that the decision still hangs on. One deadline for all rounds. Lives on the event
 * loop of its visit.
 *
 * <p>About an upload everybody is asked at once: a request that names it later may bring a prompt
 * with which any answer counts.
 */
final class Asking {
  private final Visit visit;
  private final Stage stage;
  private final Set<String> expected;
  private final List<Signal> earlier;
  private final Set<String> advisory;
  private final List<Set<String>> rounds;
  private final List<Item> items = new ArrayList<>();

  /**
   * @param expected those of the policy's detectors that look at the stage
   * @param earlier signals of the stages before
   */
  Asking(Visit visit, Stage stage, Set<String> expected, List<Signal> earlier) {
    this.visit = visit;
    this.stage = stage;
    this.expected = expected;
    this.earlier = earlier;
    this.advisory = visit.rules.panel().advisory(visit.policy.detectors());
    this.rounds =
        visit.route.effect() == Effect.UPLOAD && stage == Stage.INPUT_IMAGE && !expected.isEmpty()
            ? List.of(expected)
            : visit.rules.rounds(visit.policy, stage);
  }

  /** One thing to judge, made of one or more samples that count together. */
  private record Item(List<Inquiry> inquiries, Set<Signal> signals) {}

  /** What a round brings for an item. */
  private record Answer(Item item, Future<List<Signal>> signals) {}

  /** Adds items that nobody is asked about, with what was said of each before. */
  Asking knowing(List<List<Signal>> known) {
    known.forEach(signals -> items.add(new Item(List.of(), new LinkedHashSet<>(signals))));
    return this;
  }

  /** Asks about each item's samples; fails never, for a detector that fails is a signal. */
  Future<Evidence> about(List<List<Sample>> samples, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    for (List<Sample> one : samples) {
      List<Inquiry> inquiries = new ArrayList<>(one.size());
      for (Sample sample : one) {
        inquiries.add(
            visit
                .rules
                .panel()
                .inquiry(visit.caller.name(), sample, deadline, visit.departure.detection()));
      }
      items.add(new Item(inquiries, new LinkedHashSet<>()));
    }
    return round(0)
        .map(done -> evidence())
        .onComplete(done -> items.forEach(item -> item.inquiries().forEach(Inquiry::close)));
  }

  /** What an item's signals are when they are known from elsewhere. */
  Evidence known(List<Signal> signals) {
    return new Evidence(earlier, List.of(signals), advisory);
  }

  private Future<Void> round(int number) {
    if (number == rounds.size()) {
      return Future.succeededFuture();
    }
    List<Set<String>> wanted = wanted(number);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (!wanted.get(i).isEmpty()) {
        ask(items.get(i), wanted.get(i), answers);
      }
    }
    return Future.join(answers.stream().map(Answer::signals).toList())
        .compose(
            done -> {
              answers.forEach(it -> it.item().signals().addAll(it.signals().result()));
              return round(number + 1);
            });
  }

  /** The first round is asked whole, so that everything is read by somebody. */
  private List<Set<String>> wanted(int number) {
    Set<String> turn = rounds.get(number);
    if (number == 0) {
      return items.stream().map(item -> turn).toList();
    }
    List<Set<String>> wanted = new ArrayList<>();
    for (Set<String> needed : Cascade.needed(visit.policy, stage, expected, evidence())) {
      Set<String> now = new HashSet<>(needed);
      now.retainAll(turn);
      wanted.add(now);
    }
    return wanted;
  }

  private void ask(Item item, Set<String> wanted, List<Answer> answers) {
    for (Inquiry inquiry : item.inquiries()) {
      answers.add(new Answer(item, Future.fromCompletionStage(inquiry.ask(wanted), visit.context)));
    }
  }

  private Evidence evidence() {
    List<List<Signal>> own = items.stream().map(item -> List.copyOf(item.signals())).toList();
    return new Evidence(earlier, own, advisory);
  }
}
