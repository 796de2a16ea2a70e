package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The small tokenizers beside this package, and what the reference answered. */
public final class Goldens {
  /** Every family, by the name of its file; {@code make-goldens.mjs} made them. */
  public static final List<String> FAMILIES =
      List.of(
          "bert-cased",
          "bert-accents",
          "bert-stripped",
          "roberta",
          "roberta-prefix",
          "xlm-roberta",
          "xlm-roberta-old",
          "deberta-v3",
          "albert",
          "clip",
          "llama",
          "llama-first",
          "gemma",
          "unigram-bytes");

  private Goldens() {}

  /** The family's {@code tokenizer.json}. */
  public static String json(String family) {
    return text(family + ".json");
  }

  static List<String> answers(String file) {
    return text(file).lines().toList();
  }

  public static Tokenizer open(String family) {
    return opened(json(family));
  }

  static Tokenizer opened(String json) {
    try {
      return Tokenizers.open(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All ids of a text, with those at both ends. */
  public static int[] ids(Tokenizer tokenizer, String text) {
    int[] ids = new int[4 * text.length() + 1];
    int count = tokenizer.encode(text, ids);
    IntStream first = IntStream.of(tokenizer.clsId());
    IntStream last = IntStream.of(tokenizer.sepId());
    return Stream.of(first, Arrays.stream(ids, 0, count), last)
        .flatMapToInt(part -> part)
        .filter(id -> id != Tokenizer.NONE)
        .toArray();
  }

  private static String text(String name) {
    try (InputStream in = Objects.requireNonNull(Goldens.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
