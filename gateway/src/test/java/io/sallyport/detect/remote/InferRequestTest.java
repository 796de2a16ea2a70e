package io.sallyport.detect.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of questions, against the protocol and Triton's binary tensor data extension. */
class InferRequestTest {

  @Test
  void spellsTensorsAsJson() {
    InferRequest request =
        InferRequest.of(
            List.of(
                InputTensor.ids("ids", List.of(new long[] {2, 5, 3}, new long[] {2, 6, 3})),
                InputTensor.texts("TEXT", 1, List.of("a \"dog\"\n", "\u20ac\ud83d\udc36")),
                InputTensor.numbers("pixels", new long[] {1, 2}, List.of(new float[] {0.5f, -1}))),
            "logits",
            false);

    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"inputs\":[{\"name\":\"ids\",\"shape\":[2,3],\"datatype\":\"INT64\","
                + "\"data\":[2,5,3,2,6,3]},{\"name\":\"TEXT\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a"
                + " \\\"dog\\\"\\n"
                + "\",\"\u20ac\ud83d\udc36\"]},"
                + "{\"name\":\"pixels\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[0.5,-1.0]}],"
                + "\"outputs\":[{\"name\":\"logits\",\"parameters\":{\"binary_data\":false}}]}");
    assertThat(request.jsonLength()).isEqualTo(request.body().length);
    assertThat(request.contentType()).isEqualTo("application/json");
  }

  @Test
  void spellsTensorsAsBytesAfterTheJson() {
    InferRequest request =
        InferRequest.of(
            List.of(
                InputTensor.ids("ids", List.of(new long[] {258})),
                InputTensor.texts("TEXT", 2, List.of("dog")),
                InputTensor.numbers("pixels", new long[] {1, 1}, List.of(new float[] {1}))),
            "logits",
            true);
    String json = new String(request.body(), 0, request.jsonLength(), StandardCharsets.UTF_8);
    byte[] tail = request.body();

    assertThat(json)
        .isEqualTo(
            "{\"inputs\":[{\"name\":\"ids\",\"shape\":[1,1],\"datatype\":\"INT64\","
                + "\"parameters\":{\"binary_data_size\":8}},{\"name\":\"TEXT\",\"shape\":[1,1],"
                + "\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":7}},"
                + "{\"name\":\"pixels\",\"shape\":[1,1],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":4}}],"
                + "\"outputs\":[{\"name\":\"logits\",\"parameters\":{\"binary_data\":true}}]}");
    assertThat(HexFormat.of().formatHex(tail, request.jsonLength(), tail.length))
        .isEqualTo("0201000000000000" + "03000000646f67" + "0000803f");
    assertThat(request.contentType()).isEqualTo("application/octet-stream");
  }

  /** Half a surrogate pair cannot be spelled in UTF-8. */
  @Test
  void writesAQuestionMarkForWhatIsNoText() {
    InferRequest request =
        InferRequest.of(
            List.of(InputTensor.texts("TEXT", 1, List.of("a\ud83d b"))), "logits", false);

    assertThat(new String(request.body(), StandardCharsets.UTF_8)).contains("\"a? b\"");
  }

  @Test
  void showsNoContent() {
    InputTensor tensor = InputTensor.texts("TEXT", 1, List.of("a secret"));

    assertThat(tensor.toString()).doesNotContain("secret");
    assertThat(InferRequest.of(List.of(tensor), "logits", false).toString())
        .doesNotContain("secret");
  }
}
