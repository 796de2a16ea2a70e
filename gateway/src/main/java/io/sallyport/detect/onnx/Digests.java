package io.sallyport.detect.onnx;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 in lower-case hex, of bytes and of what a YAML file means. */
public final class Digests {
  private Digests() {}

  /** Of bytes. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /**
   * Of plain YAML values: String, Long, Double, Boolean, List and Map of these. Mappings count by
   * sorted key, so neither comments nor layout nor the order of keys change the digest.
   */
  public static String canonical(Object plain) {
    StringBuilder text = new StringBuilder();
    write(plain, text);
    return sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Strings carry their length, so that no content can imitate structure. */
  private static void write(Object plain, StringBuilder out) {
    switch (plain) {
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put((String) key, value));
        out.append('{');
        sorted.forEach(
            (key, value) -> {
              write(key, out);
              write(value, out);
            });
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        list.forEach(item -> write(item, out));
        out.append(']');
      }
      case String text -> out.append('s').append(text.length()).append(':').append(text);
      case Object scalar -> out.append('=').append(scalar).append(';');
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
