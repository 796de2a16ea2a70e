package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Strict reading of what a server says: no duplicate names, no NaN, no comments, nothing after the
 * value, little depth, short names and texts. What nobody asks for is skipped.
 */
final class ServerJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxNumberLength(64)
                  .maxStringLength(16 << 10)
                  .maxNameLength(256)
                  .build())
          .build();

  private ServerJson() {}

  /** Reads one member's value; the parser stands on its first token, and stays on its last. */
  @FunctionalInterface
  interface Member {
    void read(String name, JsonParser parser) throws UnavailableException;
  }

  /**
   * Reads a whole body that is one object.
   *
   * @param length how many bytes of it are JSON
   * @throws UnavailableException {@code BAD_OUTPUT} for anything else
   */
  static void object(byte[] body, int length, Member member) throws UnavailableException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body, 0, length)) {
      parser.nextToken();
      members(parser, member);
      require(parser.nextToken() == null);
    } catch (JacksonException e) {
      // Its message quotes the answer.
      throw bad();
    }
  }

  /** Reads the members of the object that the parser stands on. */
  static void members(JsonParser parser, Member member) throws UnavailableException {
    require(parser.currentToken() == JsonToken.START_OBJECT);
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      member.read(name, parser);
    }
    require(parser.currentToken() == JsonToken.END_OBJECT);
  }

  /** The text that the parser stands on. */
  static String text(JsonParser parser) throws UnavailableException {
    require(parser.currentToken() == JsonToken.VALUE_STRING);
    return parser.getString();
  }

  /** The whole number that the parser stands on. */
  static long whole(JsonParser parser) throws UnavailableException {
    require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT);
    return parser.getLongValue();
  }

  static void require(boolean holds) throws UnavailableException {
    if (!holds) {
      throw bad();
    }
  }

  private static UnavailableException bad() {
    return new UnavailableException(Cause.BAD_OUTPUT, "the answer is not the JSON of the protocol");
  }
}
