package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the {@code normalizer} of a {@code tokenizer.json}. */
final class Steps {
  /**
   * The regular expressions in normalizers of the supported families, beside lists of ASCII symbols
   * such as SigLIP's.
   */
  private static final String SPACES = " {2,}";

  private static final String WHITE_SPACE = "\\s+";

  /** Symbols that mean something in brackets. */
  private static final String SPECIAL = "[]^-&";

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
    String regex = pattern.path("Regex").asString("");
    Optional<BitSet> symbols = symbols(regex);
    if (symbols.isPresent()) {
      return new Step.ReplaceEach(symbols.get()::get, to);
    }
    return switch (regex) {
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
                  + "', and lists of symbols in brackets");
    };
  }

  /**
   * The members of {@code [...]} when each is an ASCII symbol that means itself: alone, or after a
   * backslash. Empty for ranges, classes, negations and whatever else has a meaning.
   */
  private static Optional<BitSet> symbols(String regex) {
    BitSet found = new BitSet();
    int last = regex.length() - 1;
    if (last < 2 || regex.charAt(0) != '[' || regex.charAt(last) != ']') {
      return Optional.empty();
    }
    for (int i = 1; i < last; i++) {
      boolean escaped = regex.charAt(i) == '\\';
      i += escaped ? 1 : 0;
      char symbol = regex.charAt(i);
      if (i == last || !isSymbol(symbol) || (!escaped && SPECIAL.indexOf(symbol) >= 0)) {
        return Optional.empty();
      }
      found.set(symbol);
    }
    return Optional.of(found);
  }

  private static boolean isSymbol(char c) {
    return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
  }
}
