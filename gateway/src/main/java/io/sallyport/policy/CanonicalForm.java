package io.sallyport.policy;

import io.sallyport.signal.Stage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The one spelling of a policy from which its digest is made: JSON in the shape of a policy file,
 * parents folded in, names sorted, defaults spelled out. Comments, the order of keys and the layout
 * of the file do not reach it. It is itself a policy file that loads to a policy with the same
 * digest, so that a record which keeps it can run old decisions again (I9).
 */
public final class CanonicalForm {
  private CanonicalForm() {}

  /** The canonical text of a policy; ASCII. */
  public static String of(Policy policy) {
    Json json = new Json();
    json.open('{').key("policy").text(policy.name());
    json.key("detectors").texts(new TreeSet<>(policy.detectors()));
    json.key("unavailable");
    unavailable(json, policy.unavailable());
    json.key("shadow").raw(Boolean.toString(policy.shadow())).key("rules").open('[');
    policy.rules().stream()
        .sorted(Comparator.comparing(Rule::id))
        .forEach(rule -> rule(json, rule));
    json.close(']');
    if (!policy.secondOpinions().isEmpty()) {
      json.key("second_opinion").open('[');
      policy.secondOpinions().forEach(opinion -> opinion(json, opinion));
      json.close(']');
    }
    return json.close('}').toString();
  }

  /** The same policy with its digest filled in. */
  static Policy sign(Policy policy) {
    return new Policy(
        policy.name(),
        sha256(of(policy)),
        policy.detectors(),
        policy.unavailable(),
        policy.shadow(),
        policy.rules(),
        policy.secondOpinions());
  }

  static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void unavailable(Json json, UnavailableRule rule) {
    json.open('{').key("otherwise").text(rule.otherwise().wire());
    Set<String> detectors = new TreeSet<>(rule.byDetector().keySet());
    detectors.addAll(rule.byDetectorAndCause().keySet());
    for (String detector : detectors) {
      json.key(detector).open('{');
      Verdict general = rule.byDetector().getOrDefault(detector, rule.otherwise());
      json.key("otherwise").text(general.wire());
      new TreeMap<>(rule.byDetectorAndCause().getOrDefault(detector, Map.of()))
          .forEach((cause, verdict) -> json.key(cause.wire()).text(verdict.wire()));
      json.close('}');
    }
    json.close('}');
  }

  /** In the order of asking, which is part of what the policy says. */
  private static void opinion(Json json, SecondOpinion opinion) {
    json.open('{').key("detector").text(opinion.detector());
    opinion.when().ifPresent(band -> band(json, band));
    json.close('}');
  }

  private static void band(Json json, SecondOpinion.Band band) {
    json.key("when").open('{').key("score").open('{').key("label").text(band.label());
    json.key("between").open('[').raw(Double.toString(band.low()));
    json.raw(Double.toString(band.high())).close(']');
    band.detector().ifPresent(name -> json.key("detector").text(name));
    stage(json, band.stage());
    json.close('}').close('}');
  }

  private static void rule(Json json, Rule rule) {
    json.open('{').key("id").text(rule.id());
    json.key("stage").texts(new TreeSet<>(rule.stages()).stream().map(Stage::wire).toList());
    json.key("category").text(rule.category().wire()).key("when");
    condition(json, rule.when());
    json.key("verdict").text(rule.verdict().wire());
    json.key("floor").raw(Boolean.toString(rule.floor()));
    json.key("shadow").raw(Boolean.toString(rule.shadow()));
    json.key("disclose").text(rule.disclosure().wire()).close('}');
  }

  private static void condition(Json json, Condition condition) {
    json.open('{');
    switch (condition) {
      case Condition.ScoreAtLeast(var stage, var detector, var label, var atLeast) -> {
        json.key("score").open('{').key("label").text(label);
        json.key("at_least").raw(Double.toString(atLeast));
        detector.ifPresent(name -> json.key("detector").text(name));
        stage(json, stage);
        json.close('}');
      }
      case Condition.MatchWithin(var stage, var bank, var within) -> {
        json.key("match").open('{').key("bank").text(bank);
        json.key("within").raw(Integer.toString(within));
        stage(json, stage);
        json.close('}');
      }
      case Condition.DetectorUnavailable(var stage, var detector, var causes) -> {
        json.key("unavailable").open('{').key("detector").text(detector);
        if (!causes.isEmpty()) {
          json.key("causes").texts(new TreeSet<>(causes).stream().map(c -> c.wire()).toList());
        }
        stage(json, stage);
        json.close('}');
      }
      case Condition.All all -> parts(json.key("all"), all.parts());
      case Condition.Any any -> parts(json.key("any"), any.parts());
    }
    json.close('}');
  }

  private static void stage(Json json, Optional<Stage> stage) {
    stage.ifPresent(where -> json.key("stage").text(where.wire()));
  }

  private static void parts(Json json, List<Condition> parts) {
    json.open('[');
    parts.forEach(part -> condition(json, part));
    json.close(']');
  }
}
