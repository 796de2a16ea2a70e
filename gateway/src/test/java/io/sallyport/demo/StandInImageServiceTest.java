package io.sallyport.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StandInImageServiceTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.shared();

  private static StandInImageService service;

  @BeforeAll
  static void start() throws IOException {
    service = StandInImageService.start("127.0.0.1", 0);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void aMagentaSquareIsMostlyMagentaInEveryFormat(Encoding encoding) throws Exception {
    byte[] file =
        onlyImage(
            """
            {"prompt":"a magenta square","size":"512x512","output_format":"%s"}
            """
                .formatted(encoding.wireName()));
    assertThat(formatOf(file)).isEqualTo(encoding.wireName());
    assertThat(share(decode(file), Hue.MAGENTA)).isBetween(0.6, 0.95);
  }

  @ParameterizedTest
  @EnumSource(Hue.class)
  void everyColourIsDrawnAsNamedAndOnlyMagentaIsMagenta(Hue hue) throws Exception {
    String name = hue.name().toLowerCase(java.util.Locale.ROOT);
    BufferedImage picture =
        decode(onlyImage("{\"prompt\":\"A big " + name + " square!\",\"size\":\"256x256\"}"));
    assertThat(share(picture, hue)).isGreaterThan(0.6);
    if (hue != Hue.MAGENTA) {
      assertThat(share(picture, Hue.MAGENTA)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "circle, 0.6, 0.7",
    "ring, 0.35, 0.5",
    "star, 0.2, 0.4",
    "line, 0.05, 0.1",
    "triangles, 0.2, 0.4",
    "hexagon, 0.5, 0.6",
    "crosses, 0.35, 0.5"
  })
  void aShapeCoversWhatItShould(String shape, double least, double most) throws Exception {
    BufferedImage picture =
        decode(onlyImage("{\"prompt\":\"blue " + shape + "\",\"size\":\"256x256\"}"));
    assertThat(share(picture, Hue.BLUE)).isBetween(least, most);
  }

  @Test
  void theFirstColourAndShapeNamedAreDrawn() throws Exception {
    BufferedImage picture =
        decode(
            onlyImage(
                "{\"prompt\":\"a green square before a magenta circle\",\"size\":\"256x256\"}"));
    assertThat(share(picture, Hue.GREEN)).isGreaterThan(0.6);
    assertThat(share(picture, Hue.MAGENTA)).isZero();
  }

  @Test
  void aColourInsideAnotherWordIsNotNamed() throws Exception {
    BufferedImage picture =
        decode(onlyImage("{\"prompt\":\"a magentaish squared thing\",\"size\":\"256x256\"}"));
    assertThat(share(picture, Hue.MAGENTA)).isZero();
  }

  @Test
  void whatNamesNothingIsAbstractAndDiffersByPrompt() throws Exception {
    byte[] one = onlyImage("{\"prompt\":\"a harbour at dawn\",\"size\":\"256x256\"}");
    byte[] other = onlyImage("{\"prompt\":\"a harbour at dusk\",\"size\":\"256x256\"}");
    assertThat(one).isNotEqualTo(other);
    assertThat(share(decode(one), Hue.MAGENTA)).isZero();
  }

  @Test
  void equalRequestsGetEqualBytes() throws Exception {
    String body = "{\"prompt\":\"three teal hexagons\",\"n\":2,\"size\":\"256x384\"}";
    assertThat(post(body).body()).isEqualTo(post(body).body());
  }

  @Test
  void tenPicturesOfOnePromptDiffer() throws Exception {
    JsonNode reply = json(post("{\"prompt\":\"an orange star\",\"n\":10,\"size\":\"256x256\"}"));
    List<String> pictures = new ArrayList<>();
    reply.get("data").forEach(item -> pictures.add(item.get("b64_json").stringValue()));
    assertThat(pictures).hasSize(10).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"256x256, 256, 256", "2048x256, 2048, 256", "auto, 1024, 1024"})
  void theReplyHasTheShapeAndSizeAskedFor(String size, int width, int height) throws Exception {
    HttpResponse<byte[]> response =
        post("{\"prompt\":\"a red ring\",\"size\":\"" + size + "\",\"quality\":\"high\"}");
    JsonNode reply = json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.headers().firstValueAsLong("content-length")).isPresent();
    assertThat(reply.get("created").isIntegralNumber()).isTrue();
    assertThat(reply.get("output_format").stringValue()).isEqualTo("png");
    assertThat(reply.get("size").stringValue()).isEqualTo(width + "x" + height);
    BufferedImage picture = decode(image(reply));
    assertThat(picture.getWidth()).isEqualTo(width);
    assertThat(picture.getHeight()).isEqualTo(height);
  }

  @Test
  void aPngWeighsLikeAPhotograph() throws Exception {
    byte[] file = onlyImage("{\"prompt\":\"a grey circle\",\"size\":\"512x512\"}");
    assertThat(file.length).isGreaterThan(512 * 512 / 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "prompt | {}",
        "prompt | {\"prompt\":\"  \"}",
        "prompt | {\"prompt\":7}",
        "n | {\"prompt\":\"x\",\"n\":0}",
        "n | {\"prompt\":\"x\",\"n\":11}",
        "n | {\"prompt\":\"x\",\"n\":\"2\"}",
        "n | {\"prompt\":\"x\",\"n\":1.5}",
        "n | {\"prompt\":\"x\",\"n\":99999999999}",
        "size | {\"prompt\":\"x\",\"size\":\"255x256\"}",
        "size | {\"prompt\":\"x\",\"size\":\"256x2049\"}",
        "size | {\"prompt\":\"x\",\"size\":\"big\"}",
        "output_format | {\"prompt\":\"x\",\"output_format\":\"gif\"}",
        "response_format | {\"prompt\":\"x\",\"response_format\":\"url\"}",
        "stream | {\"prompt\":\"x\",\"stream\":true}",
      })
  void aWrongFieldIsNamedInOpenAisEnvelope(String param, String body) throws Exception {
    HttpResponse<byte[]> response = post(body);
    JsonNode error = json(response).get("error");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").stringValue()).isEqualTo(param);
    assertThat(error.get("message").stringValue()).isNotBlank();
    assertThat(error.get("code").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"x\"", "{\"prompt\":\"x\"", "{} {}"})
  void whatIsNotOneJsonObjectIsRefused(String body) throws Exception {
    HttpResponse<byte[]> response = post(body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/type").stringValue()).isEqualTo("invalid_request_error");
  }

  @Test
  void aBodyOverTheCapIsRefused() throws Exception {
    String body = "{\"prompt\":\"" + "x".repeat(StandInImageService.MAX_BODY_BYTES) + "\"}";
    assertThat(post(body).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/images/generations, 405",
    "POST, /v1/models, 405",
    "GET, /, 404",
    "POST, /v1/images/edits, 404",
    "GET, /v1/images/generations/, 404"
  })
  void otherRoutesAndMethodsAreErrors(String method, String path, int status) throws Exception {
    HttpResponse<byte[]> response = send(request(path).method(method, publisher("{}")));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response).at("/error/message").stringValue()).isNotBlank();
  }

  @Test
  void itListsItsModel() throws Exception {
    HttpResponse<byte[]> response = send(request("/v1/models").GET());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/data/0/id").stringValue()).isEqualTo("stand-in-1");
  }

  @Test
  void whatIsOverThePixelBudgetGets503AndTheBudgetComesBack() throws Exception {
    String largest = "{\"prompt\":\"a cyan line\",\"n\":10,\"size\":\"2048x2048\"}";
    try (StandInImageService slow =
        StandInImageService.start("127.0.0.1", 0, Duration.ofSeconds(30))) {
      List<CompletableFuture<HttpResponse<byte[]>>> calls =
          IntStream.range(0, 3)
              .mapToObj(
                  _ ->
                      CLIENT.sendAsync(
                          request(slow, "/v1/images/generations").POST(publisher(largest)).build(),
                          HttpResponse.BodyHandlers.ofByteArray()))
              .toList();
      HttpResponse<byte[]> refused =
          (HttpResponse<byte[]>)
              CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new)).get();
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).contains("1");
    }
  }

  private static byte[] onlyImage(String body) throws Exception {
    return image(json(post(body)));
  }

  private static byte[] image(JsonNode reply) {
    assertThat(reply.get("data")).hasSize(1);
    return Base64.getDecoder().decode(reply.at("/data/0/b64_json").stringValue());
  }

  private static BufferedImage decode(byte[] file) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(file));
  }

  private static String formatOf(byte[] file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = ImageIO.getImageReaders(in).next();
      return reader.getFormatName().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The share of pixels whose channels are each within 40 of the colour's. */
  private static double share(BufferedImage picture, Hue hue) {
    int near = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        near += isNear(picture.getRGB(x, y), hue.rgb()) ? 1 : 0;
      }
    }
    return (double) near / (picture.getWidth() * picture.getHeight());
  }

  private static boolean isNear(int rgb, int wanted) {
    return Math.abs((rgb >> 16 & 0xFF) - (wanted >> 16 & 0xFF)) <= 40
        && Math.abs((rgb >> 8 & 0xFF) - (wanted >> 8 & 0xFF)) <= 40
        && Math.abs((rgb & 0xFF) - (wanted & 0xFF)) <= 40;
  }

  private static HttpResponse<byte[]> post(String body) throws Exception {
    return send(request("/v1/images/generations").POST(publisher(body)));
  }

  private static HttpRequest.BodyPublisher publisher(String body) {
    return HttpRequest.BodyPublishers.ofString(body);
  }

  private static HttpRequest.Builder request(String path) {
    return request(service, path);
  }

  private static HttpRequest.Builder request(StandInImageService to, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    return JSON.readTree(response.body());
  }
}
