package io.sallyport.detect.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A server's bytes are an answer or a refusal, and nothing else escapes. */
class ServerAnswerFuzzTest {
  private static final List<String> WHOLE =
      List.of(
          "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"o\",\"datatype\":\"FP32\","
              + "\"shape\":[2,2],\"data\":[[1,2],[3e1,-4.5]]}]}",
          "{\"outputs\":[{\"name\":\"o\",\"datatype\":\"FP32\",\"shape\":[2,2],"
              + "\"parameters\":{\"binary_data_size\":16}}]}0123456789abcdef",
          "{\"name\":\"m\",\"inputs\":[{\"name\":\"i\",\"datatype\":\"INT64\",\"shape\":[-1,8]}],"
              + "\"outputs\":[{\"name\":\"o\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]}");

  /** Whole answers, and answers with a few bytes changed, moved or missing. */
  static Stream<byte[]> seeds() {
    SplittableRandom random = new SplittableRandom(42);
    List<byte[]> seeds = new ArrayList<>();
    for (String whole : WHOLE) {
      byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
      seeds.add(bytes);
      for (int i = 0; i < 200; i++) {
        byte[] copy = bytes.clone();
        for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
          int from = random.nextInt(copy.length);
          int at = random.nextInt(copy.length);
          System.arraycopy(
              copy,
              from,
              copy,
              at,
              Math.min(random.nextInt(1, 9), copy.length - Math.max(at, from)));
        }
        seeds.add(copy);
      }
    }
    return seeds.stream();
  }

  @MethodSource("seeds")
  @FuzzTest
  void anAnswerIsNumbersOrARefusal(byte[] body) {
    int json = new String(body, StandardCharsets.ISO_8859_1).lastIndexOf('}') + 1;
    for (int length : new int[] {body.length, json, body.length / 2}) {
      try {
        float[] numbers =
            OutputTensor.read(
                new Reply(body, length), new OutputTensor.Asked("m", Optional.empty()), "o", 2, 2);
        assertThat(numbers).hasSize(4);
      } catch (UnavailableException expected) {
        assertThat(expected.why()).isEqualTo(Cause.BAD_OUTPUT);
      }
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void metadataAreTensorsOrARefusal(byte[] body) {
    try {
      Metadata metadata = Metadata.read(new Reply(body, body.length));
      assertThat(metadata.inputs()).hasSizeLessThanOrEqualTo(64);
    } catch (UnavailableException expected) {
      assertThat(expected.why()).isEqualTo(Cause.BAD_OUTPUT);
    }
  }
}
