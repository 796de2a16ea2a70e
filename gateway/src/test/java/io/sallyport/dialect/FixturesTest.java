package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The benign fixtures of api-shapes 6 that the generate route claims, and those that it refuses.
 */
class FixturesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static List<String> fixtures() throws IOException {
    try (InputStream in = FixturesTest.class.getResourceAsStream("fixtures.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    }
  }

  private static String links(Reading.Parts parts) {
    return parts.links().isEmpty() ? "" : ", " + parts.links().size() + " links";
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void readsTheFixture(String line) throws BadBase64Exception {
    JsonNode fixture = JSON.readTree(line.replace("$PNG", Samples.PNG));
    Reading request = Samples.request(fixture.get("req").toString());
    if (fixture.has("refused")) {
      assertThat(Samples.outcome(request)).isEqualTo(fixture.get("refused").asString());
      return;
    }
    assertThat(Samples.texts(request))
        .isEqualTo(fixture.get("t").valueStream().map(JsonNode::asString).toList());
    byte[] body =
        fixture.has("bytes")
            ? Base64.getDecoder().decode(fixture.get("bytes").asString())
            : fixture.get("rep").toString().getBytes(UTF_8);
    String type = fixture.has("ct") ? fixture.get("ct").asString() : "application/json";
    Reading reply = Samples.reply(Samples.GENERATE, 200, type, body);
    String outcome =
        reply instanceof Reading.Parts parts
            ? parts.images().size() + " images" + links(parts)
            : Samples.outcome(reply);
    assertThat(outcome).isEqualTo(fixture.get("o").asString());
    if (reply instanceof Reading.Parts parts) {
      for (ImagePart image : parts.images()) {
        assertThat(image.bytes(body).getInt(0)).isEqualTo(0x89504E47);
      }
    }
  }
}
