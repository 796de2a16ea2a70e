package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.demo.StandInImageService;
import io.sallyport.testing.FakeTriton;
import io.sallyport.testing.FakeTriton.Reads;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.ModelVersions;
import io.sallyport.yaml.InvalidFileException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An operator's remote model from its card to a verdict, on harmless stand-ins. */
class RemoteGateTest {
  private static final String TEXTS =
      """
      policy: default
      detectors: [far-airships]
      rules:
        - id: stand-in-airship
          stage: prompt
          category: stand-in
          when: {score: {label: airship, at_least: 0.8}}
          verdict: block
      """;
  private static final String PICTURES =
      """
      policy: default
      detectors: [far-reds]
      rules:
        - id: stand-in-red
          stage: output_image
          category: stand-in
          when: {score: {label: red, at_least: 0.6}}
          verdict: block
      """;

  @TempDir private Path dir;

  @Test
  void refusesWhatARemoteTextModelFindsAndRecordsItsScores() throws Exception {
    try (FakeTriton triton = new FakeTriton(Reads.TOKENS);
        StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway =
            RealGateway.start(
                config(upstream.port(), TEXTS, Reads.TOKENS, "far-airships", triton.port(), ""))) {
      assertThat(triton.questions()).as("the card's example, and no warming up").hasSize(1);
      assertThat(gateway.generate(prompt("a green bicycle")).status()).isEqualTo(200);
      Answer refused = gateway.generate(prompt("a green square ".repeat(60) + "and a zeppelin"));

      assertThat(refused.status()).isEqualTo(400);
      assertThat(gateway.decisions(refused).getFirst().decision().toString())
          .contains("far-airships", "airship", "bicycle");
      assertThat(gateway.decisions(refused).getFirst().detectors()).containsKey("far-airships");
      assertThat(remotes(gateway)).isEqualTo("{\"far-airships\":\"verified\"}");
      assertThat(gateway.metric("sallyport_remotes_down", "")).isZero();
    }
  }

  @Test
  void refusesWhatARemotePictureModelFinds() throws Exception {
    try (FakeTriton triton = new FakeTriton(Reads.PIXELS);
        FakeUpstream upstream = new FakeUpstream((request, connection) -> {});
        RealGateway gateway =
            RealGateway.start(
                config(upstream.port(), PICTURES, Reads.PIXELS, "far-reds", triton.port(), ""))) {
      assertThat(answer(upstream, gateway, new Color(102, 255, 0)).status()).isEqualTo(200);
      assertThat(answer(upstream, gateway, new Color(204, 0, 0)).status()).isEqualTo(400);
      // Nearly transparent: its bare plane counts too.
      Answer hidden = answer(upstream, gateway, new Color(204, 0, 0, 2));
      assertThat(hidden.status()).isEqualTo(400);
      assertThat(gateway.decisions(hidden).getLast().decision().reasons().toString())
          .contains("stand-in-red");
    }
  }

  private static Answer answer(FakeUpstream upstream, RealGateway gateway, Color colour)
      throws Exception {
    BufferedImage picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 256; i++) {
      picture.setRGB(i % 16, i / 16, colour.getRGB());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    String image = Base64.getEncoder().encodeToString(out.toByteArray());
    upstream.script(
        (request, connection) ->
            connection.json("{\"created\":1,\"data\":[{\"b64_json\":\"" + image + "\"}]}"));
    return gateway.generate(prompt("a picture"));
  }

  @Test
  void answersWithoutItWhenItBreaksAndWithItAgainAfterwards() throws Exception {
    try (FakeTriton triton = new FakeTriton(Reads.TEXT);
        StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway =
            RealGateway.start(
                config(upstream.port(), TEXTS, Reads.TEXT, "far-airships", triton.port(), ""))) {
      triton.infer((request, connection) -> connection.cut());
      Answer broken = gateway.generate(prompt("a green square"));
      assertThat(broken.status()).isEqualTo(503);
      assertThat(broken.code()).isEqualTo("check_unavailable");
      assertThat(gateway.decisions(broken).getFirst().decision().toString())
          .contains("cause=CRASH");

      triton.infer(null);
      assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(200);
    }
  }

  /** A remote that is down does not hinder the start, says so, and is found when it comes. */
  @Test
  void startsWithoutItAndFindsItLater() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0)) {
      port = nobody.getLocalPort();
    }
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway =
            RealGateway.start(
                config(upstream.port(), TEXTS, Reads.TEXT, "far-airships", port, ""))) {
      assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(503);
      assertThat(remotes(gateway)).isEqualTo("{\"far-airships\":\"unreachable\"}");
      assertThat(gateway.metric("sallyport_remotes_down", "")).isEqualTo(1);

      ServerSocket socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      try (FakeTriton triton = new FakeTriton(Reads.TEXT, socket)) {
        Poll.until("the remote is verified", () -> remotes(gateway).contains("verified"));
        assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(200);
        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(400);
        assertThat(triton.questions()).isNotEmpty();
      }
    }
  }

  @Test
  void refusesToStartWithARemoteThatIsNotTheCards() throws Exception {
    try (FakeTriton triton = new FakeTriton(Reads.TEXT)) {
      triton.metadata(
          (request, connection) -> connection.json(triton.metadata().replace("[-1,2]", "[-1,3]")));
      Path config = config(1, TEXTS, Reads.TEXT, "far-airships", triton.port(), "");
      InvalidFileException thrown =
          catchThrowableOfType(InvalidFileException.class, () -> RealGateway.start(config).close());

      assertThat(thrown.problems())
          .singleElement()
          .asString()
          .contains("model.yaml", "far-airships", "has shape [-1, 3], expected [-1, 2]");
      assertThat(Gateway.check(config).list()).hasSize(1);
    }
  }

  @Test
  void refusesToStartWithACardOfAnotherKind() throws Exception {
    Path config = config(1, TEXTS, Reads.TOKENS, "far-airships", 1, "");
    Files.writeString(
        config, Files.readString(config).replace("model: remote-tokens", "model: airships"));
    InvalidFileException thrown =
        catchThrowableOfType(InvalidFileException.class, () -> RealGateway.start(config).close());

    assertThat(thrown.problems())
        .singleElement()
        .asString()
        .contains("sallyport.yaml", "model 'airships' is of another kind");
  }

  @Test
  void speaksTlsWithItsOwnAuthorityAndItsCredential() throws Exception {
    Certificate certificate = new Certificate(dir.resolve("tls"), "dns:localhost,ip:127.0.0.1");
    Files.writeString(dir.resolve("credential"), "Bearer stand-in-secret\n");
    ServerSocket socket =
        certificate
            .context()
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    try (FakeTriton triton = new FakeTriton(Reads.TEXT, socket);
        StandInImageService upstream = StandInImageService.start("127.0.0.1", 0)) {
      String more = ", trust: '" + certificate.certificate() + "', credential_file: credential";
      Path trusting =
          config(upstream.port(), TEXTS, Reads.TEXT, "far-airships", triton.port(), more);
      Files.writeString(
          trusting,
          Files.readString(trusting)
              .replace("http://127.0.0.1:" + triton.port(), "https://127.0.0.1:" + triton.port()));
      try (RealGateway gateway = RealGateway.start(trusting)) {
        Poll.until("the remote is verified", () -> remotes(gateway).contains("verified"));
        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(400);
        assertThat(triton.questions())
            .isNotEmpty()
            .allSatisfy(
                it ->
                    assertThat(it.header("authorization"))
                        .containsExactly("Bearer stand-in-secret"));
      }
      Files.writeString(
          trusting,
          Files.readString(trusting)
              .replace(", trust: '" + certificate.certificate() + "'", "")
              .replace("dir: audit", "dir: audit2"));
      int questions = triton.questions().size();
      try (RealGateway gateway = RealGateway.start(trusting)) {
        assertThat(remotes(gateway)).contains("unreachable");
        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(503);
      }
      assertThat(triton.questions()).hasSize(questions);
    }
  }

  /** The card of the texts' model, and one that takes its every airship for none. */
  private String[] versions(Path models) throws Exception {
    Path first = Files.createDirectories(models.resolve("remote-text/v1"));
    Path second = Files.createDirectories(models.resolve("remote-text/v2"));
    Path card = models.resolve("remote-text/model.yaml");
    Files.copy(card, second.resolve("model.yaml"));
    Files.move(card, first.resolve("model.yaml"));
    String[] digests = {
      ModelVersions.edit(first, "a zeppelin", "one zeppelin"),
      ModelVersions.edit(second, "sigmoid}", "sigmoid, calibration: {airship: {platt: [-1, 10]}}}")
    };
    digests[1] = ModelVersions.edit(second, "airship: 0.997", "airship: 0.018");
    Files.writeString(models.resolve("remote-text/active"), digests[0]);
    return digests;
  }

  private static Answer activate(RealGateway gateway, String digest) throws Exception {
    String model = gateway.adminUrl() + "/api/v1/models/remote-text";
    return gateway.post(model + "/versions/" + digest + ":activate", "{}");
  }

  /** Links that are open: each has a thread for its deadlines. */
  private static long links() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(it -> it.getName().equals("deadlines-remote-far-airships"))
        .count();
  }

  @Test
  void anotherCardIsVerifiedAndSwappedInWhileTheOldOneAnswersWhatItWasAsked() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeTriton triton = new FakeTriton(Reads.TEXT);
        StandInImageService upstream = StandInImageService.start("127.0.0.1", 0)) {
      Path config = config(upstream.port(), TEXTS, Reads.TEXT, "far-airships", triton.port(), "");
      String[] digests = versions(dir.resolve("models"));
      try (RealGateway gateway = RealGateway.start(config)) {
        triton.infer(
            (request, connection) -> {
              triton.server().event("asked");
              go.await();
              triton.answer(request, connection);
            });
        FutureTask<Answer> running =
            new FutureTask<>(() -> gateway.generate(prompt("a zeppelin over the bay")));
        Thread.ofPlatform().daemon().start(running);
        assertThat(triton.server().await("asked")).isTrue();
        triton.infer(null);
        int before = triton.questions().size();
        Answer activated = activate(gateway, digests[1]);
        assertThat(activated.status()).as(activated.text()).isEqualTo(200);
        assertThat(triton.questions()).as("the card's example alone").hasSize(before + 1);

        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(200);
        assertThat(running).isNotDone();
        Poll.until("the old one is open beside the new one", () -> links() == 2);
        go.countDown();
        assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo(400);
        Poll.until("the old link is closed", () -> links() == 1);
        assertThat(remotes(gateway)).isEqualTo("{\"far-airships\":\"verified\"}");
        assertThat(gateway.metric("sallyport_remotes_down", "")).isZero();

        String back = gateway.adminUrl() + "/api/v1/models/remote-text:rollback";
        assertThat(gateway.post(back, "{}").status()).isEqualTo(200);
        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(400);
      } finally {
        go.countDown();
      }
    }
  }

  @Test
  void anotherCardThatCannotBeVerifiedIsRefusedAndTheOldOneStays() throws Exception {
    try (FakeTriton triton = new FakeTriton(Reads.TEXT);
        StandInImageService upstream = StandInImageService.start("127.0.0.1", 0)) {
      Path config = config(upstream.port(), TEXTS, Reads.TEXT, "far-airships", triton.port(), "");
      String[] digests = versions(dir.resolve("models"));
      try (RealGateway gateway = RealGateway.start(config)) {
        triton.metadata(
            (request, connection) ->
                connection.json(triton.metadata().replace("[-1,2]", "[-1,3]")));
        Answer other = activate(gateway, digests[1]);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text()).contains("v2", "has shape [-1, 3], expected [-1, 2]");

        triton.metadata((request, connection) -> connection.cut());
        Answer away = activate(gateway, digests[1]);
        assertThat(away.status()).isEqualTo(422);
        assertThat(away.text()).contains("far-airships: the remote cannot be verified now: crash");

        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(400);
        Poll.until("no link of the refused one is open", () -> links() == 1);
        assertThat(remotes(gateway)).isEqualTo("{\"far-airships\":\"verified\"}");
        assertThat(gateway.lifecycle("model_refused")).hasSize(2);
        triton.metadata(null);
        assertThat(activate(gateway, digests[1]).status()).isEqualTo(200);
        assertThat(gateway.generate(prompt("a zeppelin")).status()).isEqualTo(200);
      }
    }
  }

  private static String remotes(RealGateway gateway) throws Exception {
    JsonNode answer = gateway.get(gateway.adminUrl() + "/health/ready").json();
    return answer.path("remotes").toString();
  }

  private Path config(
      int upstream, String policy, Reads reads, String detector, int port, String more)
      throws Exception {
    String model = FakeTriton.writeInto(dir.resolve("models"), reads);
    return new GatewayFiles(dir)
        .policy("default", policy)
        .config(
            upstream,
            """
            detectors:
              %s: {kind: remote, model: %s, url: "http://127.0.0.1:%d", connect: 30s%s}
            models: {dir: models}
            lane: {prompt_deadline: 30s, image_deadline: 30s}
            """
                .formatted(detector, model, port, more));
  }
}
