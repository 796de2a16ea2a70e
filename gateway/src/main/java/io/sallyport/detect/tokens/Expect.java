package io.sallyport.detect.tokens;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** How a {@code tokenizer.json} is held against what is supported. */
final class Expect {
  private Expect() {}

  /** Refuses the file with one line unless this holds. */
  static void that(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw refusal(otherwise);
    }
  }

  static IOException refusal(String why) {
    return new IOException("tokenizer.json: " + why);
  }

  /** Absent, or null. */
  static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** The {@code type} of a part of the file; empty when it has none. */
  static String type(JsonNode node) {
    return node.path("type").asString("");
  }

  /** A switch of the file; anything but true and false is refused. */
  static boolean flag(JsonNode node, String key, boolean otherwise) throws IOException {
    JsonNode value = node.path(key);
    that(absent(value) || value.isBoolean(), key + " is neither true nor false");
    return absent(value) ? otherwise : value.booleanValue();
  }

  /** A whole number from the file. */
  static int number(JsonNode value, String what, int least, int most) throws IOException {
    that(value.isInt(), what + " is not a whole number");
    that(value.intValue() >= least && value.intValue() <= most, what + " is out of range");
    return value.intValue();
  }

  /** A text of the file that is put into texts or looked for in them: no half of a character. */
  static String whole(JsonNode value, String what) throws IOException {
    String text = value.asString("");
    that(text.codePoints().noneMatch(Step.Whole::isHalf), what + " has half a character in it");
    return text;
  }
}
