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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads one event back from its canonical form. {@link EventEncoder} is its mirror image. */
final class EventDecoder {
  private static final Map<String, AuditEvent.Kind> KINDS =
      words(AuditEvent.Kind.values(), AuditEvent.Kind::wire);
  private static final Map<String, Stage> STAGES = words(Stage.values(), Stage::wire);
  private static final Map<String, Verdict> VERDICTS = words(Verdict.values(), Verdict::wire);
  private static final Map<String, Cause> CAUSES = words(Cause.values(), Cause::wire);
  private static final Map<String, NotAsked.Why> WHYS =
      words(NotAsked.Why.values(), NotAsked.Why::wire);
  private static final Map<String, Category> CATEGORIES = words(Category.values(), Category::wire);
  private static final Map<String, Disclosure> DISCLOSURES =
      words(Disclosure.values(), disclosure -> disclosure.name().toLowerCase(Locale.ROOT));

  private final JsonCursor json;

  private EventDecoder(JsonCursor json) {
    this.json = json;
  }

  static AuditEvent decode(byte[] bytes) {
    return new EventDecoder(new JsonCursor(bytes)).event();
  }

  private AuditEvent event() {
    json.begin();
    int version = json.integer("v");
    if (version != AuditCodec.VERSION) {
      throw new UndecodableEventException("version " + version + " of the form is not known here");
    }
    AuditEvent.Kind kind = json.word("kind", KINDS);
    Instant time = Instant.parse(json.text("time"));
    AuditEvent event =
        switch (kind) {
          case DECIDED -> decided(time);
          case REFUSED ->
              new AuditEvent.Refused(time, request(), json.text("stage"), json.text("reason"));
          case CHALLENGED -> challenged(time);
          case LIFECYCLE ->
              new AuditEvent.Lifecycle(time, json.text("action"), json.textMap("details"));
        };
    json.end();
    return event;
  }

  private AuditEvent.Request request() {
    json.begin("request");
    var request =
        new AuditEvent.Request(
            json.text("id"),
            json.text("caller"),
            json.text("subject"),
            json.text("dialect"),
            json.text("route"));
    json.end();
    return request;
  }

  private AuditEvent.Decided decided(Instant time) {
    return new AuditEvent.Decided(
        time,
        request(),
        decision(),
        json.textMap("detectors"),
        coverage(),
        json.numberMap("timings_us"),
        json.texts("text_hashes"),
        json.texts("image_hashes"),
        json.bool("cached"));
  }

  private AuditEvent.Challenged challenged(Instant time) {
    return new AuditEvent.Challenged(
        time,
        request(),
        json.word("stage", STAGES),
        json.text("detector"),
        json.text("champion"),
        json.text("challenger"),
        json.word("verdict", VERDICTS),
        json.objectLists("items", this::signal));
  }

  private Coverage coverage() {
    json.begin("coverage");
    var coverage =
        new Coverage(
            json.integer("texts"),
            json.integer("texts_judged"),
            json.integer("images"),
            json.integer("images_judged"),
            json.integer("swept"));
    json.end();
    return coverage;
  }

  private Decision decision() {
    json.begin("decision");
    Stage stage = json.word("stage", STAGES);
    String policy = json.text("policy");
    String digest = json.text("policy_digest");
    Verdict verdict = json.word("verdict", VERDICTS);
    Verdict wouldBe = json.word("would_be", VERDICTS);
    List<Reason> reasons = json.objects("reasons", this::reason);
    List<NotAsked> notAsked =
        json.has("not_asked") ? json.objects("not_asked", this::notAsked) : List.of();
    Evidence evidence = evidence();
    json.end();
    return new Decision(stage, policy, digest, verdict, wouldBe, reasons, evidence, notAsked);
  }

  private NotAsked notAsked() {
    return new NotAsked(json.integer("item"), json.text("detector"), json.word("why", WHYS));
  }

  private Evidence evidence() {
    List<Signal> earlier = json.objects("earlier", this::signal);
    List<List<Signal>> items = json.objectLists("items", this::signal);
    List<String> advisory = json.has("advisory") ? json.texts("advisory") : List.of();
    return new Evidence(earlier, items, new HashSet<>(advisory));
  }

  private Reason reason() {
    return switch (json.text("type")) {
      case "violation" ->
          new Reason.Violation(
              json.integer("item"),
              json.text("rule"),
              json.word("category", CATEGORIES),
              json.word("verdict", VERDICTS),
              json.bool("shadow"),
              json.word("disclosure", DISCLOSURES));
      case "unavailable" ->
          new Reason.Unavailable(
              json.integer("item"),
              json.text("detector"),
              json.word("cause", CAUSES),
              json.word("verdict", VERDICTS),
              json.bool("shadow"));
      default -> throw new UndecodableEventException("unknown type of reason");
    };
  }

  private Signal signal() {
    String type = json.text("type");
    String detector = json.text("detector");
    Stage stage = json.word("stage", STAGES);
    return switch (type) {
      case "score" -> new Signal.Score(detector, stage, json.text("label"), json.decimal("score"));
      case "match" ->
          new Signal.Match(detector, stage, json.text("bank"), json.integer("distance"));
      case "unavailable" -> new Signal.Unavailable(detector, stage, json.word("cause", CAUSES));
      default -> throw new UndecodableEventException("unknown type of signal");
    };
  }

  private static <E extends Enum<E>> Map<String, E> words(E[] values, Function<E, String> wire) {
    return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(wire, Function.identity()));
  }
}
