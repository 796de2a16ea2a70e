package io.sallyport.audit;

import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.decide.NotAsked;
import io.sallyport.decide.Reason;
import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Events for tests: fixed ones that read well, and random ones that use every corner. */
final class Events {
  static final Instant TIME = Instant.parse("2026-11-22T12:34:56.789Z");
  static final String DIGEST = "5a".repeat(32);

  private Events() {}

  static AuditEvent.Request request(String id, String caller) {
    return new AuditEvent.Request(id, caller, "", "openai-images", "generations");
  }

  /** A decision that passes, as nearly all do; about the size of a real one. */
  static AuditEvent.Decided allowed(long number) {
    return allowed(TIME.plusMillis(number), request("request-" + number, "studio"), Stage.PROMPT);
  }

  static AuditEvent.Decided allowed(Instant time, AuditEvent.Request request, Stage stage) {
    List<Signal> signals =
        List.of(
            new Signal.Score("lexicon", stage, "dog", 0.0),
            new Signal.Score("concepts", stage, "beach", 0.21875));
    return decided(time, request, stage, Verdict.ALLOW, List.of(), signals);
  }

  static AuditEvent.Decided blocked(
      Instant time, AuditEvent.Request request, Stage stage, Category... categories) {
    List<Reason> reasons = new ArrayList<>();
    for (Category category : categories) {
      reasons.add(
          new Reason.Violation(
              0,
              "no-" + category.wire().replace('/', '-'),
              category,
              Verdict.BLOCK,
              false,
              Disclosure.GENERIC));
    }
    return decided(
        time,
        request,
        stage,
        Verdict.BLOCK,
        reasons,
        List.of(new Signal.Score("lexicon", stage, "zeppelin", 1.0)));
  }

  static AuditEvent.Decided decided(
      Instant time,
      AuditEvent.Request request,
      Stage stage,
      Verdict verdict,
      List<Reason> reasons,
      List<Signal> signals) {
    return new AuditEvent.Decided(
        time,
        request,
        new Decision(
            stage,
            "default",
            DIGEST,
            verdict,
            verdict,
            reasons,
            new Evidence(List.of(), List.of(signals))),
        Map.of("lexicon", DIGEST, "concepts", DIGEST),
        new Coverage(1, 1, 0, 0, 0),
        Map.of("queue", 12L, "lexicon", 85L, "concepts", 4_900L),
        List.of("c0".repeat(32)),
        List.of(),
        false);
  }

  /** Any event at all. */
  static AuditEvent random(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 2 ->
          new AuditEvent.Challenged(
              time(random),
              randomRequest(random),
              pick(random, Stage.values()),
              text(random),
              text(random),
              text(random),
              pick(random, Verdict.values()),
              list(random, () -> list(random, () -> signal(random))));
      case 0 ->
          new AuditEvent.Refused(time(random), randomRequest(random), text(random), text(random));
      case 1 -> new AuditEvent.Lifecycle(time(random), text(random), texts(random));
      default -> randomDecided(random);
    };
  }

  private static AuditEvent.Decided randomDecided(SplittableRandom random) {
    Map<String, Long> timings = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      timings.put(text(random), random.nextLong());
    }
    return new AuditEvent.Decided(
        time(random),
        randomRequest(random),
        new Decision(
            pick(random, Stage.values()),
            text(random),
            text(random),
            pick(random, Verdict.values()),
            pick(random, Verdict.values()),
            list(random, () -> reason(random)),
            new Evidence(
                list(random, () -> signal(random)),
                list(random, () -> list(random, () -> signal(random))),
                new TreeSet<>(list(random, () -> text(random)))),
            list(random, () -> notAsked(random))),
        texts(random),
        new Coverage(random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt(), 0),
        timings,
        list(random, () -> text(random)),
        list(random, () -> text(random)),
        random.nextBoolean());
  }

  private static AuditEvent.Request randomRequest(SplittableRandom random) {
    return new AuditEvent.Request(
        text(random), text(random), text(random), text(random), text(random));
  }

  private static Reason reason(SplittableRandom random) {
    return random.nextBoolean()
        ? new Reason.Violation(
            random.nextInt(),
            text(random),
            pick(random, Category.values()),
            pick(random, Verdict.values()),
            random.nextBoolean(),
            pick(random, Disclosure.values()))
        : new Reason.Unavailable(
            random.nextInt(),
            text(random),
            pick(random, Cause.values()),
            pick(random, Verdict.values()),
            random.nextBoolean());
  }

  private static NotAsked notAsked(SplittableRandom random) {
    return new NotAsked(random.nextInt(), text(random), pick(random, NotAsked.Why.values()));
  }

  private static Signal signal(SplittableRandom random) {
    Stage stage = pick(random, Stage.values());
    return switch (random.nextInt(3)) {
      case 0 -> new Signal.Score(text(random), stage, text(random), score(random));
      case 1 ->
          new Signal.Match(text(random), stage, text(random), random.nextInt() & Integer.MAX_VALUE);
      default -> new Signal.Unavailable(text(random), stage, pick(random, Cause.values()));
    };
  }

  private static double score(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0.0;
      case 1 -> -0.0;
      case 2 -> 1.0;
      case 3 -> Double.MIN_VALUE * random.nextInt(1, 1_000);
      case 4 -> (float) random.nextDouble();
      default -> random.nextDouble();
    };
  }

  private static Instant time(SplittableRandom random) {
    long seconds = random.nextLong(-70_000_000_000L, 300_000_000_000L);
    return switch (random.nextInt(3)) {
      case 0 -> Instant.ofEpochSecond(seconds);
      case 1 -> Instant.ofEpochSecond(seconds, random.nextInt(1_000) * 1_000_000L);
      default -> Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000));
    };
  }

  private static Map<String, String> texts(SplittableRandom random) {
    Map<String, String> texts = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      texts.put(text(random), text(random));
    }
    return texts;
  }

  /** Well-formed Unicode of every width, controls, quotes and escapes included. */
  static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int point =
          switch (random.nextInt(6)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> pick(random, '"', '\\', '/', '\u007f', '\u2028', '\uffff', '\u00a0');
            case 2 -> random.nextInt(0x10000, 0x110000);
            case 3 -> random.nextInt(0x80, 0xd800);
            default -> random.nextInt(0x20, 0x7f);
          };
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  private static <T> List<T> list(SplittableRandom random, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }

  @SafeVarargs
  private static <T> T pick(SplittableRandom random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
