package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.demo.StandInImageService;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped policies with the real models, in front of the service that draws. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoGatesTest {
  private static final String GENERATIONS = "/v1/images/generations";

  private StandInImageService upstream;
  private RealGateway gateway;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    upstream = StandInImageService.start("127.0.0.1", 0);
    gateway = RealGateway.demo(dir, upstream.port());
  }

  @AfterAll
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    upstream.close();
  }

  private Answer directly(String json) throws Exception {
    return gateway.post("http://127.0.0.1:" + upstream.port() + GENERATIONS, json);
  }

  @Test
  void aGreenCircleIsJudgedTwiceAndPassesByteForByte() throws Exception {
    String json = "{\"prompt\":\"a green circle\",\"size\":\"512x512\"}";
    Answer answer = gateway.generate(json);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(directly(json).body());
    assertThat(gateway.decisions(answer))
        .extracting(row -> row.decision().stage(), row -> row.decision().verdict())
        .containsExactly(
            tuple(Stage.PROMPT, Verdict.ALLOW), tuple(Stage.OUTPUT_IMAGE, Verdict.ALLOW));
    AuditEvent.Decided image = gateway.decisions(answer).getLast();
    assertThat(image.detectors()).containsOnlyKeys("image-nsfw", "image-magenta");
    assertThat(image.coverage().images()).isEqualTo(1);
    assertThat(image.coverage().imagesJudged()).isEqualTo(1);
  }

  @Test
  void theStandInWordIsRefusedAtTheFirstGateAndNothingIsDrawn() throws Exception {
    Answer answer = gateway.generate(prompt("a z.e.p.p.e.l.i.n over the sea"));
    assertRefused(answer, "input");
    assertThat(gateway.decisions(answer)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "png, 256x256, 1",
    "png, 512x512, 1",
    "png, 2048x2048, 1",
    "png, 256x256, 4",
    "jpeg, 256x256, 1",
    "jpeg, 2048x2048, 1",
    "jpeg, 512x512, 4",
    "webp, 256x256, 1",
    "webp, 2048x2048, 1",
    "webp, 512x512, 4"
  })
  void everyImageOfEveryFormatAndSizeIsJudged(String format, String size, int n) throws Exception {
    String rest =
        "\",\"output_format\":\"%s\",\"size\":\"%s\",\"n\":%d}".formatted(format, size, n);
    String blue = "{\"prompt\":\"a blue triangle" + rest;
    Answer allowed = gateway.generate(blue);
    assertThat(allowed.status()).isEqualTo(200);
    assertThat(allowed.body()).isEqualTo(directly(blue).body());
    assertThat(format(allowed)).isEqualTo(format);
    assertThat(gateway.decisions(allowed).getLast().coverage().imagesJudged()).isEqualTo(n);
    assertThat(gateway.decisions(allowed).getLast().imageHashes()).hasSize(n);

    Answer refused = gateway.generate("{\"prompt\":\"a magenta square" + rest);
    assertRefused(refused, "output");
    assertThat(gateway.decisions(refused).getLast().coverage().imagesJudged()).isEqualTo(n);
  }

  /** The image models err on plain colours, so each that the service draws is tried. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "red", "orange", "yellow", "gold", "lime", "green", "olive", "teal", "cyan", "blue", "navy",
        "purple", "pink", "brown", "black", "grey", "white"
      })
  void everyOtherColourPasses(String colour) throws Exception {
    for (String shape : List.of("square", "circle", "oval", "star")) {
      String json = "{\"prompt\":\"a %s %s\",\"size\":\"256x256\"}".formatted(colour, shape);
      assertThat(gateway.generate(json).status()).as(json).isEqualTo(200);
    }
  }

  @Test
  void theListOfModelsPasses() throws Exception {
    Answer answer = gateway.get(gateway.url() + "/v1/models");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("stand-in-1");
  }

  @Test
  void anErrorOfTheServicePassesAsItIs() throws Exception {
    String json = "{\"prompt\":\"a green circle\",\"size\":\"17x17\"}";
    Answer answer = gateway.generate(json);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEmpty();
    String large = "{\"prompt\":\"a green circle\",\"size\":\"4096x4096\"}";
    assertThat(gateway.generate(large).body()).isEqualTo(directly(large).body());
  }

  private static void assertRefused(Answer answer, String stage) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("moderation_blocked");
    var details = answer.json().get("error").get("moderation_details");
    assertThat(details.get("moderation_stage").asString()).isEqualTo(stage);
    assertThat(details.get("categories").toString()).isEqualTo("[\"stand-in\"]");
    assertThat(answer.text()).doesNotContain("b64_json").contains(answer.requestId());
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
  }

  /** What the first bytes of the first image say that it is. */
  private static String format(Answer answer) {
    byte[] image =
        Base64.getDecoder().decode(answer.json().get("data").get(0).get("b64_json").asString());
    return switch (image[0] & 0xff) {
      case 0x89 -> "png";
      case 0xff -> "jpeg";
      case 'R' -> "webp";
      default -> "unknown";
    };
  }
}
