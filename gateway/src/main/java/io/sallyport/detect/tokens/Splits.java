package io.sallyport.detect.tokens;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the {@code pre_tokenizer} of a {@code tokenizer.json}. */
final class Splits {
  /** The only regular expressions in splits of the supported families: CLIP's, in two spellings. */
  private static final String CLIP =
      "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  private static final String CLIP_WITH_ENDS = "<\\|startoftext\\|>|<\\|endoftext\\|>|" + CLIP;
  private static final List<String> CLIP_ENDS = List.of("<|startoftext|>", "<|endoftext|>");

  private static final int SPLITS_MAX = 8;

  private Splits() {}

  /** The splits of a byte-level BPE model, of which the last, and only the last, is ByteLevel. */
  static List<Split> bytes(TokenizerJson file) throws IOException {
    List<Split> splits = of(file);
    long last = splits.stream().filter(ByteWords.class::isInstance).count();
    Expect.that(
        last == 1 && splits.getLast() instanceof ByteWords,
        "a BPE model without byte_fallback, and without ByteLevel as its last pre_tokenizer");
    return splits;
  }

  /** The splits of a model of characters. */
  static List<Split> characters(TokenizerJson file, String model) throws IOException {
    List<Split> splits = of(file);
    Expect.that(
        splits.stream().noneMatch(ByteWords.class::isInstance),
        model + " with ByteLevel as its pre_tokenizer");
    return splits;
  }

  private static List<Split> of(TokenizerJson file) throws IOException {
    JsonNode node = file.preTokenizer();
    List<Split> splits = new ArrayList<>();
    // Only a text that nothing was done to before is sure to begin where the file's author means.
    boolean bare = Expect.absent(file.normalizer()) && file.added().isEmpty();
    if (Expect.type(node).equals("Sequence")) {
      for (JsonNode part : node.path("pretokenizers")) {
        Expect.that(splits.size() < SPLITS_MAX, "more than " + SPLITS_MAX + " pre_tokenizers");
        splits.add(one(part, bare && splits.isEmpty()));
      }
    } else if (!Expect.absent(node)) {
      splits.add(one(node, bare));
    }
    return List.copyOf(splits);
  }

  private static Split one(JsonNode node, boolean bare) throws IOException {
    return switch (Expect.type(node)) {
      case "WhitespaceSplit" -> new Split.Spaces();
      case "Metaspace" -> marked(node, bare);
      case "Split" -> split(node);
      case "Digits" ->
          new Divided(
              new Finder.Number(),
              Expect.flag(node, "individual_digits", false)
                  ? Divided.Behaviour.ISOLATED
                  : Divided.Behaviour.CONTIGUOUS,
              false);
      case "ByteLevel" ->
          new ByteWords(
              Expect.flag(node, "add_prefix_space", true), Expect.flag(node, "use_regex", true));
      case String other -> throw Expect.refusal("the pre_tokenizer '" + other + "' is not known");
    };
  }

  private static Divided split(JsonNode node) throws IOException {
    return new Divided(
        finder(node.path("pattern")),
        behaviour(node.path("behavior").asString("")),
        Expect.flag(node, "invert", false));
  }

  private static Finder finder(JsonNode pattern) throws IOException {
    String literal = Expect.whole(pattern.path("String"), "the pattern of a Split");
    if (!literal.isEmpty()) {
      return new Finder.Literal(literal);
    }
    String regex = pattern.path("Regex").asString("");
    return switch (regex) {
      case CLIP -> new Finder.ClipWord(List.of());
      case CLIP_WITH_ENDS -> new Finder.ClipWord(CLIP_ENDS);
      case String other ->
          throw Expect.refusal("a Split at '" + other + "' is not known, only at a text or CLIP's");
    };
  }

  private static Divided.Behaviour behaviour(String name) throws IOException {
    return switch (name) {
      case "Removed" -> Divided.Behaviour.REMOVED;
      case "Isolated" -> Divided.Behaviour.ISOLATED;
      case "Contiguous" -> Divided.Behaviour.CONTIGUOUS;
      case "MergedWithPrevious" -> Divided.Behaviour.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> Divided.Behaviour.MERGED_WITH_NEXT;
      case String other -> throw Expect.refusal("the behavior '" + other + "' is not known");
    };
  }

  private static Split.Marked marked(JsonNode node, boolean bare) throws IOException {
    String mark = Expect.whole(node.path("replacement"), "the replacement of a Metaspace");
    Expect.that(mark.length() == 1, "a Metaspace whose replacement is not one character");
    boolean space = Expect.flag(node, "add_prefix_space", true);
    String scheme = node.path("prepend_scheme").asString(space ? "always" : "never");
    Expect.that(
        space || scheme.equals("never"), "add_prefix_space and prepend_scheme do not agree");
    boolean prefix =
        switch (scheme) {
          case "always" -> true;
          case "never" -> false;
          case "first" -> {
            Expect.that(
                bare,
                "a Metaspace with prepend_scheme 'first' after a normalizer, another pre_tokenizer"
                    + " or added tokens");
            yield true;
          }
          case String other ->
              throw Expect.refusal(
                  "a Metaspace with prepend_scheme '" + other + "', not always, first or never");
        };
    return new Split.Marked(mark.charAt(0), prefix, Expect.flag(node, "split", true));
  }
}
