package io.sallyport.detect.embedding;

import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a {@link VectorIndex} strictly, as it streams by: unknown and missing keys, wrong types and
 * lines that do not rise are refused, the first mistake with its line. For one thread.
 */
final class VectorIndexReader {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int VECTORS_MAX = 1 << 20;

  private final JsonParser parser;
  private final Set<String> seen = new HashSet<>();
  private final List<VectorIndex.Row> rows = new ArrayList<>();
  private String model = "";
  private String digest = "";
  private String sha256 = "";
  private int size;

  private VectorIndexReader(JsonParser parser) {
    this.parser = parser;
  }

  /** The index in {@code json}; empty, with a problem recorded, unless all of it is right. */
  static Optional<VectorIndex> read(String file, byte[] json, Problems problems) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      VectorIndexReader reader = new VectorIndexReader(parser);
      try {
        return Optional.of(reader.index());
      } catch (MistakeException e) {
        problems.add(file, line(parser), String.valueOf(e.getMessage()));
      }
    } catch (JacksonException e) {
      // The parser's own message quotes the file; its place is enough.
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      problems.add(file, Math.max(0, line), "not JSON");
    }
    return Optional.empty();
  }

  private static int line(JsonParser parser) {
    return Math.max(0, parser.currentTokenLocation().getLineNr());
  }

  private VectorIndex index() throws MistakeException {
    require(parser.nextToken() == JsonToken.START_OBJECT, "expected an object");
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      require(seen.add(key), "duplicate key");
      parser.nextToken();
      switch (key) {
        case "format" -> require(text().equals(VectorIndex.FORMAT), "format: not one known here");
        case "model" -> model = matching(key, NAME);
        case "digest" -> digest = matching(key, SHA256);
        case "size" -> size = number(key, VectorIndex.SIZE_MAX);
        case "sha256" -> sha256 = matching(key, SHA256);
        case "rows" -> rows();
        case String other -> throw new MistakeException("unknown key");
      }
    }
    for (String key : List.of("format", "model", "digest", "size", "sha256", "rows")) {
      require(seen.contains(key), "missing key '" + key + "'");
    }
    require(parser.nextToken() == null, "data after the end");
    return new VectorIndex(model, digest, size, sha256, rows);
  }

  private void rows() throws MistakeException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "rows: expected a list");
    int last = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      VectorIndex.Row row = row();
      require(row.line() > last, "rows: lines must rise");
      last = row.line();
      rows.add(row);
      require(rows.size() <= VectorIndex.ROWS_MAX, "rows: more than " + VectorIndex.ROWS_MAX);
    }
    require(!rows.isEmpty(), "rows: expected at least one");
  }

  private VectorIndex.Row row() throws MistakeException {
    require(parser.currentToken() == JsonToken.START_OBJECT, "rows: expected an object");
    int line = 0;
    String sha = "";
    int vectors = 0;
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      parser.nextToken();
      switch (key) {
        case "line" -> line = number(key, Integer.MAX_VALUE);
        case "sha256" -> sha = matching(key, SHA256);
        case "vectors" -> vectors = number(key, VECTORS_MAX);
        case String other -> throw new MistakeException("unknown key");
      }
    }
    require(line > 0 && !sha.isEmpty() && vectors > 0, "rows: needs line, sha256 and vectors");
    return new VectorIndex.Row(line, sha, vectors);
  }

  private String text() throws MistakeException {
    require(parser.currentToken() == JsonToken.VALUE_STRING, "expected text");
    return parser.getString();
  }

  private String matching(String key, Pattern pattern) throws MistakeException {
    String text = text();
    require(pattern.matcher(text).matches(), key + ": not of the form " + pattern);
    return text;
  }

  private int number(String key, int most) throws MistakeException {
    boolean fits =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getString().length() <= 10
            && parser.getLongValue() >= 1
            && parser.getLongValue() <= most;
    require(fits, key + ": expected a whole number from 1 to " + most);
    return parser.getIntValue();
  }

  private static void require(boolean holds, String message) throws MistakeException {
    if (!holds) {
      throw new MistakeException(message);
    }
  }

  /** Something in the file is not as it must be. */
  private static final class MistakeException extends Exception {
    private static final long serialVersionUID = 1L;

    MistakeException(String message) {
      super(message, null, false, false);
    }
  }
}
