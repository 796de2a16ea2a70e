package io.sallyport.detect.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to a question of two rows about two labels. */
class OutputTensorTest {
  private static final String OUTPUT =
      "{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[2,2],\"data\":[1,2.5,-3e0,4]}";
  private static final String ANSWER = "{\"model_name\":\"airships\",\"outputs\":[" + OUTPUT + "]}";
  private static final String BINARY =
      "{\"outputs\":[{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[2,2],"
          + "\"parameters\":{\"binary_data_size\":16}}]}";
  private static final float[] NUMBERS = {1, 2.5f, -3, 4};

  @Test
  void readsNumbersOfJson() throws Exception {
    assertThat(read(ANSWER)).containsExactly(NUMBERS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"outputs\":[{\"data\":[[1,2.5],[-3,4]],\"shape\":[2,2],\"datatype\":\"FP32\","
            + "\"name\":\"logits\",\"parameters\":{\"of\":[{}]}}],\"id\":\"\",\"more\":{\"a\":[]}}",
        " {\"model_version\":\"3\",\"outputs\":[{\"name\":\"logits\",\"datatype\":\"FP32\","
            + "\"shape\":[2,2,1],\"data\":[1,2.5,-3,4]}]} ",
      })
  void readsNestedNumbersAndMembersInAnyOrder(String answer) throws Exception {
    assertThat(read(answer)).containsExactly(NUMBERS);
  }

  @Test
  void readsNumbersOfBytes() throws Exception {
    assertThat(read(BINARY, bytes(NUMBERS))).containsExactly(NUMBERS);
  }

  @Test
  void takesASingleRowWithoutItsDimension() throws Exception {
    String answer =
        "{\"outputs\":[{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1,2]}]}";
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);

    assertThat(OutputTensor.read(new Reply(body, body.length), asked(), "logits", 1, 2))
        .containsExactly(1, 2);
    assertThat(cause(answer, new byte[0])).isEqualTo(Cause.BAD_OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "<html>",
        "{}",
        "{\"outputs\":[]}",
        "{\"outputs\":{}}",
        "{\"outputs\":[1]}",
        "{\"error\":\"out of memory\"}",
        "{\"outputs\":[" + OUTPUT + "," + OUTPUT + "]}",
        "{\"outputs\":[" + OUTPUT + "],\"outputs\":[" + OUTPUT + "]}",
        "{\"outputs\":[" + OUTPUT + "]}{}",
        "{\"outputs\":[" + OUTPUT + "]} //",
        "{\"model_name\":\"balloons\",\"outputs\":[" + OUTPUT + "]}",
        "{\"model_name\":7,\"outputs\":[" + OUTPUT + "]}",
        "{\"model_version\":\"4\",\"outputs\":[" + OUTPUT + "]}",
      })
  void refusesWhatIsNoAnswer(String answer) {
    assertThat(cause(answer, new byte[0])).isEqualTo(Cause.BAD_OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logits>scores",
        "FP32>FP64",
        "FP32>FP16",
        "\"FP32\">32",
        "[2,2]>[4]",
        "[2,2]>[1,4]",
        "[2,2]>[2,3]",
        "[2,2]>[2]",
        "[2,2]>[]",
        "[2,2]>[-2,-2]",
        "[2,2]>[2,4294967296,4294967296,2]",
        "[2,2]>[2,3,6148914691236517206]",
        "[2,2]>[2,1,1,1,1,1,1,1,2]",
        "[2,2]>[2.0,2]",
        "[2,2]>[9223372036854775808,2]",
        "[1,2.5,-3e0,4]>[1,2.5,-3e0]",
        "[1,2.5,-3e0,4]>[1,2.5,-3e0,4,5]",
        "[1,2.5,-3e0,4]>[1,2.5,-3e0,\"4\"]",
        "[1,2.5,-3e0,4]>[1,2.5,-3e0,null]",
        "[1,2.5,-3e0,4]>[1,2.5,-3e0,NaN]",
        "[1,2.5,-3e0,4]>[1,2.5,-3e0,{}]",
        "[1,2.5,-3e0,4]>7",
        "\"data\":[1,2.5,-3e0,4]>\"parameters\":{\"binary_data_size\":16}",
        "\"data\">\"parameters\":{\"binary_data_size\":16},\"data\"",
        "\"shape\">\"name\":\"logits\",\"shape\"",
        "-3e0>1111111111111111111111111111111111111111111111111111111111111111111111111",
      })
  void refusesAnOutputWithOneThingWrong(String change) {
    String[] parts = change.split(">", 2);
    assertThat(ANSWER).contains(parts[0]);

    assertThat(cause(ANSWER.replace(parts[0], parts[1]), new byte[0])).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void refusesOtherBytesThanItsShapeSays() {
    assertThat(cause(BINARY, new byte[15])).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(BINARY, new byte[17])).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(BINARY, new byte[0])).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(BINARY.replace("16", "12"), new byte[12])).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(BINARY.replace("16", "-16"), new byte[16])).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(ANSWER, new byte[16])).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void refusesDepth() {
    String deep = "[".repeat(40) + "]".repeat(40);
    assertThat(cause("{\"deep\":" + deep + ",\"outputs\":[" + OUTPUT + "]}", new byte[0]))
        .isEqualTo(Cause.BAD_OUTPUT);
  }

  /** What is no number any more is for the scores to refuse. */
  @Test
  void leavesNumbersBeyondFloatsInfinite() throws Exception {
    assertThat(read(ANSWER.replace("-3e0", "1e300"))[2]).isInfinite();
  }

  private static OutputTensor.Asked asked() {
    return new OutputTensor.Asked("airships", Optional.of("3"));
  }

  private static Cause cause(String json, byte[] tail) {
    return catchThrowableOfType(UnavailableException.class, () -> read(json, tail)).why();
  }

  private static float[] read(String json) throws UnavailableException {
    return read(json, new byte[0]);
  }

  private static float[] read(String json, byte[] tail) throws UnavailableException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    int length = body.size();
    body.writeBytes(tail);
    return OutputTensor.read(new Reply(body.toByteArray(), length), asked(), "logits", 2, 2);
  }

  private static byte[] bytes(float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }
}
