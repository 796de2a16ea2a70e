package io.sallyport.detect.embedding;

import java.util.List;

/**
 * What a file of vectors holds: the JSON beside the numbers.
 *
 * <p>It holds no content. A line of the list that was embedded is named by its number and by the
 * SHA-256 of its bytes, without a key, so that labels can name it on another machine; whoever
 * guesses a line can therefore test the guess.
 *
 * @param model the name of the embedding model
 * @param digest its digest, 64 lower-case hex digits
 * @param size numbers in a vector
 * @param sha256 of the file of numbers
 * @param rows one for each line that is not blank, in order
 */
public record VectorIndex(String model, String digest, int size, String sha256, List<Row> rows) {
  /** The value of {@code format}. Changes with the meaning of the files. */
  public static final String FORMAT = "sallyport-vectors-1";

  /** Ends the name of an index. */
  public static final String SUFFIX = ".json";

  /** Lines at most. */
  public static final int ROWS_MAX = 200_000;

  /** Numbers in a vector at most, as cards say. */
  static final int SIZE_MAX = 8192;

  public VectorIndex {
    rows = List.copyOf(rows);
  }

  /**
   * One line of the list.
   *
   * @param line 1-based
   * @param sha256 of the line's bytes without its end, 64 lower-case hex digits
   * @param vectors how many it has, one after another: a text longer than a window has several, as
   *     has a picture with transparency
   */
  public record Row(int line, String sha256, int vectors) {}

  /** Vectors of all rows. */
  public int vectors() {
    return rows.stream().mapToInt(Row::vectors).sum();
  }

  /** The index as its file holds it: one row a line. */
  public String toJson() {
    StringBuilder json = new StringBuilder(200 + 110 * rows.size());
    json.append("{\"format\": \"").append(FORMAT);
    json.append("\",\n \"model\": \"").append(model);
    json.append("\",\n \"digest\": \"").append(digest);
    json.append("\",\n \"size\": ").append(size);
    json.append(",\n \"sha256\": \"").append(sha256);
    json.append("\",\n \"rows\": [");
    String separator = "\n  ";
    for (Row row : rows) {
      json.append(separator).append("{\"line\": ").append(row.line);
      json.append(", \"sha256\": \"").append(row.sha256);
      json.append("\", \"vectors\": ").append(row.vectors).append('}');
      separator = ",\n  ";
    }
    return json.append("\n]}\n").toString();
  }
}
