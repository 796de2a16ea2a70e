package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64ImageTest {

  @Test
  void decodesWhatTheEncoderWrites() throws BadBase64Exception {
    SplittableRandom random = new SplittableRandom(5);
    for (int size = 1; size < 200; size++) {
      byte[] image = new byte[size];
      random.nextBytes(image);
      String text = Base64.getEncoder().encodeToString(image);
      String escaped = text.replace("/", "\\/").replace("+", "\\u002b").replace("=", "\\u003D");
      assertThat(decode(text, false).orElseThrow()).isEqualTo(image);
      assertThat(decode(text, true).orElseThrow()).isEqualTo(image);
      assertThat(decode(escaped, true).orElseThrow()).isEqualTo(image);
      assertThat(decode(lines(text), true).orElseThrow()).isEqualTo(image);
    }
  }

  @Test
  void readsTheRangeOnlyAndSharesNothing() throws BadBase64Exception {
    byte[] body = "!!QUJD!!".getBytes(ISO_8859_1);
    var image = Base64Image.decode(body, new ImagePart.Base64(2, 6, false, ""));
    assertThat(image.array()).containsExactly('A', 'B', 'C').hasSize(3);
    assertThat(image.arrayOffset()).isZero();
    assertThat(image.remaining()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Q",
        "QU",
        "QUI",
        "QUJD=",
        "QQ",
        "QQ=",
        "QQ===",
        "====",
        "=",
        "Q===",
        "QUI=QkM=",
        "QU_-",
        "QU*&JD!!",
        " QUJD",
        "QUJD ",
        "QU=D",
        "data:image/png;base64,QUJD",
        "QUJDé",
      })
  void refusesWhatDecodersReadDifferently(String text) {
    assertThat(decode(text, false)).isEmpty();
    assertThat(decode(text, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QU\\tJD",
        "QU\\\"D",
        "QUJ\\u00e9",
        "QUJD\\u0000",
        "QU\\bJ",
        "\\n",
        "\\n\\n\\n\\n"
      })
  void refusesOtherEscapes(String text) {
    assertThat(decode(text, true)).isEmpty();
  }

  @Test
  void throwsWithoutAStackTrace() {
    assertThatThrownBy(
            () ->
                Base64Image.decode(
                    new byte[] {'!', '!', '!', '!'}, new ImagePart.Base64(0, 4, false, "")))
        .isInstanceOf(BadBase64Exception.class)
        .hasMessage("not canonical base64")
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void agreesWithTheJdkOnMutatedText() {
    long seed = 8;
    SplittableRandom random = new SplittableRandom(seed);
    int good = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] image = new byte[1 + random.nextInt(24)];
      random.nextBytes(image);
      byte[] text = Base64.getEncoder().encode(image);
      if (random.nextInt(3) > 0) {
        text[random.nextInt(text.length)] = (byte) "=A/+-_ z".charAt(random.nextInt(8));
      }
      String written = new String(text, ISO_8859_1);
      Optional<String> expected = hex(jdk(written));
      assertThat(hex(decode(written, false))).as("seed %d case %d", seed, i).isEqualTo(expected);
      assertThat(hex(decode(written, true))).as("seed %d case %d", seed, i).isEqualTo(expected);
      good += expected.isPresent() ? 1 : 0;
    }
    assertThat(good).isBetween(5_000, 19_000);
  }

  private static Optional<String> hex(Optional<byte[]> bytes) {
    return bytes.map(HexFormat.of()::formatHex);
  }

  private static Optional<byte[]> jdk(String text) {
    try {
      return text.length() % 4 == 0
          ? Optional.of(Base64.getDecoder().decode(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String lines(String text) {
    return text.replaceAll("(.{10})", "$1\\\\r\\\\n");
  }

  private static Optional<byte[]> decode(String text, boolean escaped) {
    byte[] body = text.getBytes(ISO_8859_1);
    try {
      return Optional.of(
          Base64Image.decode(body, new ImagePart.Base64(0, body.length, escaped, "")).array());
    } catch (BadBase64Exception e) {
      return Optional.empty();
    }
  }
}
