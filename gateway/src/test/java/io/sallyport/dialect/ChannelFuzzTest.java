package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The messages of a channel, on any bytes: nothing is thrown, and what is found is inside. */
class ChannelFuzzTest {
  private static final ChannelRules RULES = Dialect.bundled("comfyui").channel().orElseThrow();

  @FuzzTest
  void readsAnyBinaryMessage(byte[] message) {
    ChannelReading reading = RULES.reader(ReadLimits.defaults(), false).binary(message);
    if (reading instanceof ChannelReading.Images images) {
      for (ImagePart part : images.images()) {
        ImagePart.Raw raw = (ImagePart.Raw) part;
        assertThat(raw.start()).isBetween(8, raw.end() - 1);
        assertThat(raw.end()).isEqualTo(message.length);
      }
    }
  }

  @FuzzTest
  void readsAnyTextMessage(byte[] message) {
    ChannelReader reader = RULES.reader(ReadLimits.defaults(), false);
    ChannelReading reading = reader.text(message);
    assertThat(reading).isNotInstanceOf(ChannelReading.Images.class);
    if (reading instanceof ChannelReading.Plain(var about)) {
      assertThat(about.job().orElse("").length()).isLessThanOrEqualTo(256);
    }
    if (reader.goesUp(message)) {
      assertThat(reading).isInstanceOf(ChannelReading.Plain.class);
    }
  }

  @Test
  void staysCalmOnMutatedSeeds() {
    byte[] meta = "{\"prompt_id\":\"a\",\"image_type\":\"image/png\"}".getBytes(UTF_8);
    byte[] described =
        ByteBuffer.allocate(12 + meta.length)
            .putInt(4)
            .putInt(meta.length)
            .put(meta)
            .putInt(0x89504E47)
            .array();
    byte[] words = ByteBuffer.allocate(16).putInt(3).putInt(2).putLong(0x3132202020202020L).array();
    byte[] last = ByteBuffer.allocate(16).putInt(1).putInt(2).putLong(0x89504E470D0A1A0AL).array();
    Mutations.run(1, 20_000, described, this::readsAnyBinaryMessage);
    Mutations.run(2, 20_000, words, this::readsAnyBinaryMessage);
    Mutations.run(3, 20_000, last, this::readsAnyBinaryMessage);
    for (String text :
        new String[] {
          "{\"type\":\"executing\",\"data\":{\"node\":null,\"prompt_id\":\"a\"}}",
          "{\"type\":\"executed\",\"data\":{\"output\":{\"text\":[\"a\",[\"b\"]]},\"prompt_id\":\"a\"}}",
          "{\"type\":\"feature_flags\",\"data\":{\"x\":true}}"
        }) {
      Mutations.run(4, 20_000, text.getBytes(UTF_8), this::readsAnyTextMessage);
    }
  }
}
