package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the {@code normalizer} of a {@code tokenizer.json}. */
final class Steps {
  /** The only regular expressions in normalizers of the supported families. */
  private static final String SPACES = " {2,}";

  private static final String WHITE_SPACE = "\\s+";

  private static final int STEPS_MAX = 32;

  private Steps() {}

  /** The steps in their order, for a text that is whole. */
  static List<Step> of(JsonNode normalizer) throws IOException {
    List<Step> steps = new ArrayList<>();
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
      case "Prepend" -> new Step.Prepend(Expect.whole(node.path("prepend"), "what Prepend puts"));
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
    String to = Expect.whole(content, "the content of a Replace");
    String literal = Expect.whole(pattern.path("String"), "the pattern of a Replace");
    if (!literal.isEmpty()) {
      return new Step.Replace(literal, to);
    }
    return switch (pattern.path("Regex").asString("")) {
      case SPACES -> new Step.ReplaceRuns(point -> point == ' ', 2, to);
      case WHITE_SPACE -> new Step.ReplaceRuns(UCharacter::isUWhiteSpace, 1, to);
      case String other ->
          throw Expect.refusal(
              "a Replace of '"
                  + other
                  + "' is not known, only '"
                  + SPACES
                  + "' and '"
                  + WHITE_SPACE
                  + "'");
    };
  }
}
