package io.sallyport.detect.tokens;

import com.ibm.icu.text.Normalizer2;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the {@code normalizer} of a {@code tokenizer.json}. */
final class Steps {
  /** The only regular expression in normalizers of the supported families. */
  private static final String SPACES = " {2,}";

  private static final int STEPS_MAX = 32;

  private Steps() {}

  /** The steps in their order; the first makes sure that the text is whole. */
  static List<Step> of(JsonNode normalizer) throws IOException {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Whole());
    add(normalizer, steps);
    return List.copyOf(steps);
  }

  private static void add(JsonNode node, List<Step> steps) throws IOException {
    if (Expect.absent(node)) {
      return;
    }
    Expect.that(steps.size() < STEPS_MAX, "more than " + STEPS_MAX + " normalizers");
    if (Expect.type(node).equals("Sequence")) {
      for (JsonNode part : node.path("normalizers")) {
        add(part, steps);
      }
    } else {
      steps.add(step(node));
    }
  }

  private static Step step(JsonNode node) throws IOException {
    return switch (Expect.type(node)) {
      case "Precompiled" ->
          new Step.Mapped(CharacterMap.of(node.path("precompiled_charsmap").asString("")));
      case "Strip" ->
          new Step.Strip(
              Expect.flag(node, "strip_left", true), Expect.flag(node, "strip_right", true));
      case "Replace" -> replace(node.path("pattern"), node.path("content"));
      case "Lowercase" -> new Step.Lowercase();
      case "StripAccents" -> new Step.StripAccents();
      case "NFC" -> new Step.Form(Normalizer2.getNFCInstance());
      case "NFD" -> new Step.Form(Normalizer2.getNFDInstance());
      case "NFKC" -> new Step.Form(Normalizer2.getNFKCInstance());
      case "NFKD" -> new Step.Form(Normalizer2.getNFKDInstance());
      case "BertNormalizer" ->
          throw Expect.refusal("a BertNormalizer is known with a WordPiece model only");
      case String other -> throw Expect.refusal("the normalizer '" + other + "' is not known");
    };
  }

  private static Step replace(JsonNode pattern, JsonNode content) throws IOException {
    Expect.that(content.isString(), "a Replace has no content");
    String literal = pattern.path("String").asString("");
    if (!literal.isEmpty()) {
      return new Step.Replace(literal, content.stringValue());
    }
    String regex = pattern.path("Regex").asString("");
    Expect.that(
        regex.equals(SPACES), "a Replace of '" + regex + "' is not known, only '" + SPACES + "'");
    return new Step.ReplaceSpaces(content.stringValue());
  }
}
