package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One way in which a text is split into words; several are applied one inside the other. */
sealed interface Split permits Split.Spaces, Split.Marked, ByteWords {

  /**
   * Hands out the words in their order.
   *
   * @return false as soon as the sink has had enough
   */
  boolean over(String text, int start, int end, WordSink sink);

  /** Splits at white space and drops it. */
  record Spaces() implements Split {
    @Override
    public boolean over(String text, int start, int end, WordSink sink) {
      int word = start;
      for (int i = start; i <= end; i++) {
        if (i == end || UCharacter.isUWhiteSpace(text.charAt(i))) {
          if (i > word && !sink.word(text, word, i)) {
            return false;
          }
          word = i + 1;
        }
      }
      return true;
    }
  }

  /**
   * Puts a mark in the place of every space, and before the text.
   *
   * @param prefix whether one goes before a text that does not start with one
   * @param split whether every mark starts a word
   */
  record Marked(char mark, boolean prefix, boolean split) implements Split {
    @Override
    public boolean over(String text, int start, int end, WordSink sink) {
      if (start == end) {
        return true;
      }
      String marked = text.substring(start, end).replace(' ', mark);
      if (prefix && marked.charAt(0) != mark) {
        marked = mark + marked;
      }
      int word = 0;
      for (int i = 1; split && i < marked.length(); i++) {
        if (marked.charAt(i) == mark) {
          if (!sink.word(marked, word, i)) {
            return false;
          }
          word = i;
        }
      }
      return sink.word(marked, word, marked.length());
    }
  }

  /** The splits of a BPE model, of which the last, and only the last, splits into bytes. */
  static List<Split> bytes(TokenizerJson file) throws IOException {
    List<Split> splits = of(file.preTokenizer());
    long last = splits.stream().filter(ByteWords.class::isInstance).count();
    Expect.that(
        last == 1 && splits.getLast() instanceof ByteWords,
        "a BPE model without ByteLevel as its last pre_tokenizer");
    return splits;
  }

  /** The splits of a Unigram model. */
  static List<Split> marked(TokenizerJson file) throws IOException {
    List<Split> splits = of(file.preTokenizer());
    Expect.that(
        splits.stream().noneMatch(ByteWords.class::isInstance),
        "a Unigram model with ByteLevel as its pre_tokenizer");
    return splits;
  }

  private static List<Split> of(JsonNode node) throws IOException {
    if (Expect.absent(node)) {
      return List.of();
    }
    if (!Expect.type(node).equals("Sequence")) {
      return List.of(one(node));
    }
    List<Split> splits = new ArrayList<>();
    for (JsonNode part : node.path("pretokenizers")) {
      splits.add(one(part));
    }
    Expect.that(splits.size() <= 8, "more than 8 pre_tokenizers");
    return List.copyOf(splits);
  }

  private static Split one(JsonNode node) throws IOException {
    return switch (Expect.type(node)) {
      case "WhitespaceSplit" -> new Spaces();
      case "Metaspace" -> marked(node);
      case "ByteLevel" -> {
        Expect.that(Expect.flag(node, "use_regex", true), "a ByteLevel without its own split");
        yield new ByteWords(Expect.flag(node, "add_prefix_space", true));
      }
      case String other -> throw Expect.refusal("the pre_tokenizer '" + other + "' is not known");
    };
  }

  private static Marked marked(JsonNode node) throws IOException {
    String mark = node.path("replacement").asString("");
    Expect.that(mark.length() == 1, "a Metaspace whose replacement is not one character");
    boolean space = Expect.flag(node, "add_prefix_space", true);
    String scheme = node.path("prepend_scheme").asString(space ? "always" : "never");
    Expect.that(
        scheme.equals("always") || scheme.equals("never"),
        "a Metaspace with prepend_scheme '" + scheme + "', not always or never");
    Expect.that(
        space || scheme.equals("never"), "add_prefix_space and prepend_scheme do not agree");
    return new Marked(mark.charAt(0), scheme.equals("always"), Expect.flag(node, "split", true));
  }
}
