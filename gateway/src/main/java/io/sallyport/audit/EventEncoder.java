package io.sallyport.audit;

import io.sallyport.decide.Decision;
import io.sallyport.decide.NotAsked;
import io.sallyport.decide.Reason;
import io.sallyport.signal.Signal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes one event in its canonical form. {@link EventDecoder} is its mirror image. */
final class EventEncoder {
  private final CanonicalJson json = new CanonicalJson(AuditCodec.MAX_BYTES);

  private EventEncoder() {}

  static byte[] encode(AuditEvent event) {
    EventEncoder encoder = new EventEncoder();
    encoder.event(event);
    return encoder.json.toBytes();
  }

  private void event(AuditEvent event) {
    json.open('{').key("v").number(AuditCodec.VERSION);
    text("kind", event.kind().wire());
    requireMillis(event);
    text("time", event.time().toString());
    switch (event) {
      case AuditEvent.Decided decided -> decided(decided);
      case AuditEvent.Refused refused -> {
        request(refused.request());
        text("stage", refused.stage());
        text("reason", refused.reason());
      }
      case AuditEvent.Challenged challenged -> challenged(challenged);
      case AuditEvent.Lifecycle lifecycle -> {
        text("action", lifecycle.action());
        texts("details", lifecycle.details());
      }
    }
    json.close('}');
  }

  private static void requireMillis(AuditEvent event) {
    try {
      long _ = event.time().toEpochMilli();
    } catch (ArithmeticException beyond) {
      throw new IllegalArgumentException("time out of range", beyond);
    }
  }

  private void request(AuditEvent.Request request) {
    json.key("request").open('{');
    text("id", request.requestId());
    text("caller", request.caller());
    text("subject", request.subject());
    text("dialect", request.dialect());
    text("route", request.route());
    json.close('}');
  }

  private void decided(AuditEvent.Decided event) {
    request(event.request());
    decision(event.decision());
    texts("detectors", event.detectors());
    coverage(event.coverage());
    json.key("timings_us").open('{');
    new TreeMap<>(event.timingsMicros()).forEach((name, micros) -> json.key(name).number(micros));
    json.close('}');
    texts("text_hashes", event.textHashes());
    texts("image_hashes", event.imageHashes());
    json.key("cached").bool(event.cached());
  }

  private void challenged(AuditEvent.Challenged event) {
    request(event.request());
    text("stage", event.stage().wire());
    text("detector", event.detector());
    text("champion", event.champion());
    text("challenger", event.challenger());
    text("verdict", event.verdict().wire());
    json.key("items").open('[');
    event.items().forEach(this::signals);
    json.close(']');
  }

  private void coverage(Coverage coverage) {
    json.key("coverage").open('{');
    json.key("texts").number(coverage.texts());
    json.key("texts_judged").number(coverage.textsJudged());
    json.key("images").number(coverage.images());
    json.key("images_judged").number(coverage.imagesJudged());
    json.key("swept").number(coverage.swept());
    json.close('}');
  }

  private void decision(Decision decision) {
    json.key("decision").open('{');
    text("stage", decision.stage().wire());
    text("policy", decision.policy());
    text("policy_digest", decision.policyDigest());
    text("verdict", decision.verdict().wire());
    text("would_be", decision.wouldBe().wire());
    json.key("reasons").open('[');
    decision.reasons().forEach(this::reason);
    json.close(']');
    notAsked(decision.notAsked());
    json.key("earlier");
    signals(decision.evidence().earlier());
    json.key("items").open('[');
    decision.evidence().items().forEach(this::signals);
    json.close(']');
    if (!decision.evidence().advisory().isEmpty()) {
      texts("advisory", decision.evidence().advisory().stream().sorted().toList());
    }
    json.close('}');
  }

  /** Absent when there are none, as in every event written before there were any. */
  private void notAsked(List<NotAsked> silences) {
    if (silences.isEmpty()) {
      return;
    }
    json.key("not_asked").open('[');
    for (NotAsked silence : silences) {
      json.open('{').key("item").number(silence.item());
      text("detector", silence.detector());
      text("why", silence.why().wire());
      json.close('}');
    }
    json.close(']');
  }

  private void reason(Reason reason) {
    json.open('{');
    switch (reason) {
      case Reason.Violation violation -> {
        text("type", "violation");
        json.key("item").number(violation.item());
        text("rule", violation.rule());
        text("category", violation.category().wire());
        text("verdict", violation.verdict().wire());
        json.key("shadow").bool(violation.shadow());
        text("disclosure", violation.disclosure().name().toLowerCase(Locale.ROOT));
      }
      case Reason.Unavailable missing -> {
        text("type", "unavailable");
        json.key("item").number(missing.item());
        text("detector", missing.detector());
        text("cause", missing.cause().wire());
        text("verdict", missing.verdict().wire());
        json.key("shadow").bool(missing.shadow());
      }
    }
    json.close('}');
  }

  private void signals(List<Signal> signals) {
    json.open('[');
    signals.forEach(this::signal);
    json.close(']');
  }

  private void signal(Signal signal) {
    json.open('{');
    switch (signal) {
      case Signal.Score score -> {
        signalHead("score", score);
        text("label", score.label());
        json.key("score").number(score.value());
      }
      case Signal.Match match -> {
        signalHead("match", match);
        text("bank", match.bank());
        json.key("distance").number(match.distance());
      }
      case Signal.Unavailable missing -> {
        signalHead("unavailable", missing);
        text("cause", missing.cause().wire());
      }
    }
    json.close('}');
  }

  private void signalHead(String type, Signal signal) {
    text("type", type);
    text("detector", signal.detector());
    text("stage", signal.stage().wire());
  }

  private void text(String key, String value) {
    json.key(key).string(value);
  }

  private void texts(String key, List<String> values) {
    json.key(key).open('[');
    values.forEach(json::string);
    json.close(']');
  }

  private void texts(String key, Map<String, String> values) {
    json.key(key).open('{');
    new TreeMap<>(values).forEach(this::text);
    json.close('}');
  }
}
