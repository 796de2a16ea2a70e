package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * JSON and tensors after it, on any bytes: nothing throws, ranges are inside the body, and whatever
 * is read fills it.
 */
class TensorFuzzTest {
  private static final Dialect KSERVE = Dialect.bundled("kserve-v2");

  /** The first two bytes say where the JSON ends. */
  @FuzzTest
  void readsAnyTensors(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    byte[] body = java.util.Arrays.copyOfRange(bytes, 2, bytes.length);
    int json = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
    reads(new Tensors.Sent(body, json % (body.length + 2)));
  }

  private static void reads(Tensors.Sent sent) {
    inside(Tensors.read(KSERVE, sent), sent.body());
    inside(Tensors.reply(KSERVE, sent), sent.body());
  }

  private static void inside(Reading reading, byte[] body) {
    if (!(reading instanceof Reading.Parts parts)) {
      return;
    }
    for (ImagePart part : parts.images()) {
      switch (part) {
        case ImagePart.Base64(int start, int end, boolean escaped, String where) ->
            assertThat(start).isBetween(0, end).isLessThanOrEqualTo(body.length);
        case ImagePart.Raw raw -> assertThat(raw.bytes(body).hasRemaining()).isTrue();
        case ImagePart.Pixels pixels -> {
          int size = pixels.elements() * (pixels.floats() ? Float.BYTES : 1);
          assertThat(pixels.start() + size).isBetween(1, body.length);
          assertThat(pixels.bytes(body).getInt()).isEqualTo(0x89504E47);
        }
        case ImagePart.Unpacked unpacked -> assertThat(unpacked).as("none is in a tensor").isNull();
      }
    }
  }

  @Test
  void staysCalmOnMutatedSeeds() {
    byte[] png = Base64.getDecoder().decode(Samples.PNG);
    List<Tensors.Sent> seeds =
        List.of(
            Tensors.inputs()
                .strings("PROMPT", "a dog", "on a beach")
                .strings("IMAGE", png)
                .tensor("image", "UINT8", "[2,2,3]", new byte[12])
                .tensor("images", "FP32", "[1,1,3]", Tensors.floats(0, 0.5f, 1))
                .tensor("STEPS", "INT32", "[1]", Tensors.i32(30))
                .sent(),
            Tensors.outputs()
                .strings("IMAGE", png, Samples.PNG.getBytes(UTF_8))
                .tensor("generated_image", "UINT8", "[2,1,2,3]", new byte[12])
                .strings("note", "done")
                .sent());
    SplittableRandom random = new SplittableRandom(11);
    for (Tensors.Sent seed : seeds) {
      for (int i = 0; i < 5_000; i++) {
        byte[] body = seed.body().clone();
        for (int k = random.nextInt(4); k >= 0; k--) {
          int at = random.nextInt(body.length);
          body[at] = (byte) "0123456789{}[]\":,\u0000\u00ff".charAt(random.nextInt(19));
        }
        int length = random.nextInt(8) == 0 ? random.nextInt(body.length) : body.length;
        int json = seed.json() + (random.nextInt(8) == 0 ? random.nextInt(-3, 4) : 0);
        reads(new Tensors.Sent(java.util.Arrays.copyOf(body, length), json));
      }
    }
  }
}
