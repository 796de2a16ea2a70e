package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The special tokens that stand around every window.
 *
 * @param first the id before the text, or {@link Tokenizer#NONE}
 * @param last the id after it, or {@link Tokenizer#NONE}
 */
record Ends(int first, int last) {

  /**
   * What the file's {@code post_processor} says about one text alone.
   *
   * @return empty when it puts nothing around a text
   * @throws IOException when it puts anything else around a text than at most one token on each
   *     side
   */
  static Optional<Ends> of(JsonNode post) throws IOException {
    if (Expect.absent(post)) {
      return Optional.empty();
    }
    return switch (Expect.type(post)) {
      case "TemplateProcessing" -> Optional.of(template(post));
      case "BertProcessing", "RobertaProcessing" ->
          Optional.of(new Ends(id(post.path("cls").path(1)), id(post.path("sep").path(1))));
      case "ByteLevel" -> Optional.empty();
      case "Sequence" -> sequence(post.path("processors"));
      case String other -> throw Expect.refusal("the post_processor '" + other + "' is not known");
    };
  }

  private static Optional<Ends> sequence(JsonNode processors) throws IOException {
    Optional<Ends> found = Optional.empty();
    for (JsonNode processor : processors) {
      Optional<Ends> one = of(processor);
      Expect.that(found.isEmpty() || one.isEmpty(), "two post_processors put tokens around a text");
      found = found.or(() -> one);
    }
    return found;
  }

  private static Ends template(JsonNode post) throws IOException {
    JsonNode single = post.path("single");
    int text = 0;
    while (text < single.size() && !single.path(text).has("Sequence")) {
      text++;
    }
    Expect.that(
        text <= 1
            && single.size() - text <= 2
            && single.path(text).path("Sequence").path("id").asString("").equals("A"),
        "the post_processor does not put at most one token before a text and one after");
    Expect.that(single.size() > 1, "the post_processor puts no token around a text");
    return new Ends(
        text == 1 ? special(post, single.path(0)) : Tokenizer.NONE,
        single.size() - text == 2 ? special(post, single.path(text + 1)) : Tokenizer.NONE);
  }

  private static int special(JsonNode post, JsonNode piece) throws IOException {
    JsonNode token = piece.path("SpecialToken");
    Expect.that(
        token.path("type_id").asInt(0) == 0, "a special token's type_id is not 0, as is fed");
    JsonNode ids = post.path("special_tokens").path(token.path("id").asString("")).path("ids");
    Expect.that(ids.size() == 1, "a special token of the post_processor has not one id");
    return id(ids.path(0));
  }

  private static int id(JsonNode id) throws IOException {
    return Expect.number(id, "a special token's id", 0, ModelJson.TOKENS_MAX - 1);
  }
}
