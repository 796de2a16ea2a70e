package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
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
    String body = fixture.get("rep").toString();
    Reading reply = Samples.reply(body);
    String outcome =
        reply instanceof Reading.Parts parts
            ? parts.images().size() + " images" + links(parts)
            : Samples.outcome(reply);
    assertThat(outcome).isEqualTo(fixture.get("o").asString());
    if (reply instanceof Reading.Parts parts) {
      for (ImagePart image : parts.images()) {
        assertThat(image.bytes(body.getBytes(UTF_8)).array()).startsWith(0x89, 'P', 'N', 'G');
      }
    }
  }
}
