package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.StandInDetector;
import io.sallyport.yaml.InvalidFileException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's object detector from its folder to a verdict, on coloured squares. */
class ObjectDetectorGateTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [image-squares]
      rules:
        - id: stand-in-blue
          stage: output_image
          category: stand-in
          when: {score: {label: blue, at_least: 0.9}}
          verdict: block
        - id: stand-in-red-crowd
          stage: output_image
          category: stand-in
          when: {score: {label: red.count, at_least: 0.03}}
          verdict: block
        - id: stand-in-red-wall
          stage: output_image
          category: stand-in
          when: {score: {label: red.area, at_least: 0.5}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors:
        image-squares: {kind: object-detector, model: squares}
      models: {dir: models}
      """;

  @TempDir private Path dir;

  @Test
  void refusesByTheStrongestBoxByTheirNumberAndByTheirArea() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream((request, connection) -> {});
        RealGateway gateway = RealGateway.start(config(upstream.port(), POLICY))) {
      assertThat(answer(upstream, gateway, Color.RED, 1).status()).isEqualTo(200);
      assertThat(answer(upstream, gateway, Color.RED, 2).status()).isEqualTo(200);
      assertThat(answer(upstream, gateway, Color.GREEN, 16).status()).isEqualTo(200);
      Answer blue = answer(upstream, gateway, Color.BLUE, 1);
      assertThat(blue.status()).isEqualTo(400);
      assertThat(reasons(gateway, blue)).contains("stand-in-blue");
      Answer crowd = answer(upstream, gateway, Color.RED, 3);
      assertThat(crowd.status()).isEqualTo(400);
      assertThat(reasons(gateway, crowd))
          .contains("stand-in-red-crowd")
          .doesNotContain("stand-in-red-wall");
      Answer wall = answer(upstream, gateway, Color.RED, 16);
      assertThat(wall.status()).isEqualTo(400);
      assertThat(reasons(gateway, wall)).contains("stand-in-red-wall");
    }
  }

  @Test
  void recordsEverySignalOfEveryLabel() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream((request, connection) -> {});
        RealGateway gateway = RealGateway.start(config(upstream.port(), POLICY))) {
      Answer passed = answer(upstream, gateway, Color.RED, 2);

      assertThat(gateway.decisions(passed).getLast().decision().toString())
          .contains("label=red,", "label=red.count, value=0.02", "label=red.area, value=0.125")
          .contains("label=blue,", "label=blue.count, value=0.0", "label=blue.area, value=0.0");
    }
  }

  /** In a letterbox a wide picture is half margins: they are no part of the picture. */
  @Test
  void anAreaIsAShareOfThePictureAndNotOfItsMargins() throws Exception {
    Path card = StandInDetector.writeInto(dir.resolve("models")).resolve("model.yaml");
    String boxed = "side: 64, resize: {mode: letterbox}, layout";
    try (FakeUpstream upstream = new FakeUpstream((request, connection) -> {})) {
      Path config = config(upstream.port(), POLICY);
      Files.writeString(card, Files.readString(card).replace("side: 64, layout", boxed));
      assertThat(card).content().contains(boxed);
      try (RealGateway gateway = RealGateway.start(config)) {
        Answer half = answer(upstream, gateway, halfRed());

        assertThat(reasons(gateway, half)).contains("stand-in-red-wall");
        assertThat(gateway.decisions(half).getLast().decision().toString())
            .contains("label=red.area, value=0.5]");
      }
    }
  }

  /** A picture of 256 by 128 pixels whose left half is red. */
  private static byte[] halfRed() throws Exception {
    BufferedImage image = new BufferedImage(256, 128, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(0, 0, 256, 128);
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, 128, 128);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  @Test
  void refusesToStartWithALabelThatTheModelLacks() throws Exception {
    for (String lacking : List.of("green", "red.counts", "red.count.area")) {
      Path config = config(1, POLICY.replace("label: red.count", "label: " + lacking));
      InvalidFileException thrown =
          catchThrowableOfType(InvalidFileException.class, () -> RealGateway.start(config).close());

      assertThat(thrown.problems()).singleElement().asString().contains("default.yaml", lacking);
    }
  }

  private Path config(int upstream, String policy) throws Exception {
    StandInDetector.writeInto(dir.resolve("models"));
    return new GatewayFiles(dir).policy("default", policy).config(upstream, DETECTORS);
  }

  private static String reasons(RealGateway gateway, Answer answer) {
    return gateway.decisions(answer).getLast().decision().reasons().toString();
  }

  /** Asks for a picture and lets the service answer with squares. */
  private static Answer answer(FakeUpstream upstream, RealGateway gateway, Color colour, int count)
      throws Exception {
    return answer(upstream, gateway, picture(colour, count));
  }

  private static Answer answer(FakeUpstream upstream, RealGateway gateway, byte[] file)
      throws Exception {
    String image = Base64.getEncoder().encodeToString(file);
    upstream.script(
        (request, connection) ->
            connection.json("{\"created\":1,\"data\":[{\"b64_json\":\"" + image + "\"}]}"));
    return gateway.generate(prompt("some squares"));
  }

  /** A grey PNG of 256 by 256 with squares of a quarter of its side, row by row. */
  private static byte[] picture(Color colour, int count) throws Exception {
    BufferedImage image = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(0, 0, 256, 256);
    graphics.setColor(colour);
    for (int i = 0; i < count; i++) {
      graphics.fillRect(i % 4 * 64, i / 4 * 64, 64, 64);
    }
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
