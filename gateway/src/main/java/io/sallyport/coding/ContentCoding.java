package io.sallyport.coding;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A content coding that bodies are judged in, or none. */
public enum ContentCoding {
  /** RFC 1952. */
  GZIP,
  /** RFC 1950: deflate in its zlib wrapper. Without the wrapper it is refused. */
  DEFLATE,
  /** RFC 7932. */
  BR,
  /** RFC 8878, with the window of RFC 9659. Only where the machine has its library. */
  ZSTD,
  /** None. */
  IDENTITY;

  /**
   * The coding that a head names.
   *
   * @param fields the value of every {@code Content-Encoding} line, in order
   * @return empty for what is refused: one that is not known, more than one, or several lines
   */
  public static Optional<ContentCoding> of(List<String> fields) {
    return switch (fields.size()) {
      case 0 -> Optional.of(IDENTITY);
      case 1 -> named(fields.getFirst());
      default -> Optional.empty();
    };
  }

  /** The coding of that name, in any case. */
  static Optional<ContentCoding> named(String token) {
    String name = token.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(coding -> coding.wire().equals(name) && coding.served())
        .findFirst();
  }

  /** False only where a coding needs a library that this machine cannot load. */
  public boolean served() {
    return this != ZSTD || ZstdBody.AVAILABLE;
  }

  /** The name in header fields. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Every coding but none, as a header field lists them. */
  public static String list() {
    return Arrays.stream(values())
        .filter(coding -> coding != IDENTITY && coding.served())
        .map(ContentCoding::wire)
        .collect(Collectors.joining(", "));
  }
}
