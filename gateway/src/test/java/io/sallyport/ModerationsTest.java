package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditFilter;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeUpstream;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** OpenAI's moderation API, answered by the shipped policies and real models. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModerationsTest {
  private FakeUpstream upstream;
  private RealGateway gateway;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    upstream = new FakeUpstream((request, connection) -> connection.json("{}"));
    gateway = RealGateway.demo(dir, upstream.port());
  }

  @AfterAll
  void stop() throws Exception {
    if (gateway != null) {
      assertThat(upstream.received()).as("nothing goes upstream").isEmpty();
      gateway.close();
    }
    upstream.close();
  }

  private JsonNode results(String input, int count) throws Exception {
    Answer answer = gateway.moderate("{\"input\":" + input + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.get("id").asString()).startsWith("modr-");
    assertThat(json.get("model").asString()).isEqualTo("sallyport-demo");
    assertThat(json.get("results")).hasSize(count);
    json.get("results").forEach(ModerationsTest::assertShape);
    return json.get("results");
  }

  private static void assertShape(JsonNode result) {
    for (Category category : Category.openAi()) {
      assertThat(result.get("categories").get(category.wire()).isBoolean()).isTrue();
      assertThat(result.get("category_applied_input_types").get(category.wire()).isArray())
          .isTrue();
    }
    assertThat(result.get("category_scores").size()).isEqualTo(result.get("categories").size());
    result
        .get("category_scores")
        .forEach(score -> assertThat(score.doubleValue()).isBetween(0.0, 1.0));
  }

  private static boolean flagged(JsonNode result) {
    boolean flagged = result.get("flagged").asBoolean();
    assertThat(result.get("categories").get("stand-in").asBoolean()).isEqualTo(flagged);
    return flagged;
  }

  @Test
  void aStringIsOneThing() throws Exception {
    assertThat(flagged(results("\"a red bicycle by the sea\"", 1).get(0))).isFalse();
    JsonNode result = results("\"a z e p p e l i n by the sea\"", 1).get(0);
    assertThat(flagged(result)).isTrue();
    assertThat(result.get("category_scores").get("stand-in").doubleValue()).isEqualTo(1.0);
    assertThat(result.get("category_applied_input_types").get("stand-in").toString())
        .isEqualTo("[\"text\"]");
  }

  @Test
  void aListOfStringsGetsAResultEachInOrder() throws Exception {
    JsonNode results = results("[\"a house\",\"a zeppelin\",\"a tree\",\"a zeppelin\"]", 4);
    assertThat(List.of(0, 1, 2, 3).stream().map(i -> flagged(results.get(i))))
        .containsExactly(false, true, false, true);
  }

  @Test
  void partsAreOneThingTogether() throws Exception {
    String house = "{\"type\":\"text\",\"text\":\"a house\"}";
    assertThat(flagged(results(list(house, image(picture(Color.GREEN, "png"))), 1).get(0)))
        .isFalse();
    JsonNode magenta = results(list(house, image(picture(Color.MAGENTA, "png"))), 1).get(0);
    assertThat(flagged(magenta)).isTrue();
    assertThat(magenta.get("category_applied_input_types").get("stand-in").toString())
        .isEqualTo("[\"text\",\"image\"]");
    assertThat(flagged(results(list(image(picture(Color.MAGENTA, "jpeg"))), 1).get(0))).isTrue();
    String zeppelin = "{\"type\":\"text\",\"text\":\"a zeppelin\"}";
    assertThat(flagged(results(list(zeppelin, image(picture(Color.GREEN, "png"))), 1).get(0)))
        .isTrue();
    assertThat(
            flagged(
                results(
                        list(
                            image(picture(Color.GREEN, "png")),
                            image(picture(Color.MAGENTA, "png"))),
                        1)
                    .get(0)))
        .isTrue();
  }

  @Test
  void everyFormatIsJudged() throws Exception {
    for (String format : List.of("png", "jpeg", "gif", "bmp")) {
      assertThat(flagged(results(list(image(picture(Color.MAGENTA, format))), 1).get(0)))
          .as(format)
          .isTrue();
      assertThat(flagged(results(list(image(picture(Color.GREEN, format))), 1).get(0)))
          .as(format)
          .isFalse();
    }
  }

  @Test
  void oneForbiddenFrameOfAnAnimationIsEnough() throws Exception {
    byte[] fine = animation(Color.GREEN, Color.BLUE, Color.GREEN);
    assertThat(flagged(results(list(image(fine)), 1).get(0))).isFalse();
    byte[] hidden = animation(Color.GREEN, Color.MAGENTA, Color.GREEN);
    assertThat(flagged(results(list(image(hidden)), 1).get(0))).isTrue();
  }

  /** A GIF of pictures of one colour. */
  private static byte[] animation(Color... colours) throws Exception {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (Color colour : colours) {
        BufferedImage frame = ImageIO.read(new ByteArrayInputStream(picture(colour, "gif")));
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  @Test
  void everyDecisionIsOnRecordBeforeItIsTold() throws Exception {
    Answer answer =
        gateway.moderate(
            "{\"input\":"
                + list(
                    "{\"type\":\"text\",\"text\":\"a house\"}",
                    image(picture(Color.MAGENTA, "png")))
                + "}");
    List<AuditEvent.Decided> rows =
        gateway.decisions(new AuditFilter.OfRequest(answer.requestId()));
    assertThat(rows)
        .extracting(row -> row.decision().stage())
        .containsExactly(Stage.PROMPT, Stage.INPUT_IMAGE);
    assertThat(rows.getLast().decision().verdict()).isEqualTo(Verdict.BLOCK);
    assertThat(rows.getLast().coverage().imagesJudged()).isEqualTo(1);
    assertThat(rows.getLast().imageHashes()).hasSize(1);
    assertThat(rows.getLast().request().dialect()).isEqualTo("moderations");
    assertThat(answer.json().get("id").asString())
        .isEqualTo(answer.requestId().replace("req_", "modr-"));
  }

  /** What cannot be judged is never called harmless. */
  @Test
  void anImageThatCannotBeReadIsRefused() throws Exception {
    byte[] png = picture(Color.GREEN, "png");
    byte[] text = "this is no picture".getBytes(StandardCharsets.UTF_8);
    for (byte[] file :
        List.of(
            text,
            Arrays.copyOf(png, png.length / 2),
            picture(Color.GREEN, "tiff"),
            animated(png))) {
      Answer answer = gateway.moderate("{\"input\":" + list(image(file)) + "}");
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("invalid_request");
      assertThat(answer.text()).doesNotContain("flagged");
      assertThat(gateway.decisions(answer).getLast().decision().blockedUnavailable()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://127.0.0.1/x.png\"}}]",
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.org/x.png\"}}]",
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/hostname\"}}]",
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,@@@@\"}}]",
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":17}}]",
        "[{\"type\":\"image_file\",\"file_id\":\"file-abc\"}]",
        "17",
        "null",
        "[]",
        "{}",
        "[[1,2,3]]"
      })
  void whatIsNoTextAndNoPictureHereIsRefused(String input) throws Exception {
    Answer answer = gateway.moderate("{\"input\":" + input + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.text()).doesNotContain("flagged");
  }

  /** Bytes tell what a picture is; a type that says it is none is a lie for somebody else. */
  @Test
  void aPictureIsJudgedByItsBytesAndNoneThatDeclaresItselfSomethingElse() throws Exception {
    for (String declared : List.of("image/png", "image/gif", "image/avif", "")) {
      assertThat(flagged(results(list(image(declared, picture(Color.MAGENTA, "jpeg"))), 1).get(0)))
          .as(declared)
          .isTrue();
    }
    double before = gateway.metric("sallyport_refusals_total", "request_declared_type");
    for (String declared : List.of("text/html", "image/svg+xml")) {
      String input = list(image(declared, picture(Color.GREEN, "png")));
      Answer answer = gateway.moderate("{\"input\":" + input + "}");
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("invalid_request");
      assertThat(answer.text()).contains("declares a type").doesNotContain("flagged");
    }
    assertThat(gateway.metric("sallyport_refusals_total", "request_declared_type") - before)
        .isEqualTo(2);
  }

  @Test
  void aModelMayBeNamedAndChangesNothing() throws Exception {
    Answer answer =
        gateway.moderate("{\"model\":\"omni-moderation-latest\",\"input\":\"a zeppelin\"}");
    assertThat(answer.json().get("results").get(0).get("flagged").asBoolean()).isTrue();
  }

  private static String list(String... parts) {
    return "[" + String.join(",", parts) + "]";
  }

  private static String image(byte[] file) {
    return image("image/png", file);
  }

  private static String image(String declared, byte[] file) {
    return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:"
        + declared
        + ";base64,"
        + Base64.getEncoder().encodeToString(file)
        + "\"}}";
  }

  private static byte[] picture(Color colour, String format) throws Exception {
    BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, 320, 240);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  /** The picture as an animation: an {@code acTL} chunk after the header (PNG 3, §11.3.6.1). */
  private static byte[] animated(byte[] png) {
    int header = 8 + 25;
    byte[] control =
        ByteBuffer.allocate(12)
            .put("acTL".getBytes(StandardCharsets.US_ASCII))
            .putInt(1)
            .putInt(0)
            .array();
    CRC32 crc = new CRC32();
    crc.update(control);
    return ByteBuffer.allocate(png.length + 20)
        .put(png, 0, header)
        .putInt(8)
        .put(control)
        .putInt((int) crc.getValue())
        .put(png, header, png.length - header)
        .array();
  }
}
