package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problems;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies of raw images, of images that may be missing, and of echoes. */
class ReplyClaimsTest {
  private static final Dialect TOY =
      Dialect.parse(
              "toy.yaml",
              """
              dialect: toy
              routes:
                - id: make
                  match: {method: POST, path: /make, type: application/json}
                  effect: generate
                  reply: out
                  text: [{sel: /prompt, role: positive}]
                  images: [{sel: "/any/**", as: maybe}]
                  ignore: [/signature]
                - id: stop
                  match: {method: POST, path: /stop, type: application/json}
                  effect: control
                  reply: out
                  plain: [{sel: /id, fits: "[a-z0-9]+"}]
              replies:
                out:
                  - when: {status: 2xx, type: image/*}
                    images: [{sel: body, as: bytes}]
                  - when: {status: 2xx, type: application/json}
                    images: [{sel: "/images/*", as: base64}, {sel: "/echo/**", as: maybe}]
                    ignore: ["/{info,signature}"]
                    require: 1
              block: {input: {status: 400, json: {}}, output: {status: 400, json: {}}}
              error: {json: {}}
              """
                  .getBytes(UTF_8),
              new Problems())
          .orElseThrow();

  private static final Route MAKE = Samples.route(TOY, "POST", "/make");
  private static final Route STOP = Samples.route(TOY, "POST", "/stop");

  @Test
  void takesAWholeBodyAsOneImage() throws BadBase64Exception {
    byte[] file = Base64.getDecoder().decode(Samples.PNG);
    byte[] padded = java.util.Arrays.copyOf(file, file.length + 9);
    Reading reading =
        TOY.readReply(MAKE, 200, "image/webp", padded, file.length, ReadLimits.defaults());
    ImagePart image = ((Reading.Parts) reading).images().getFirst();
    assertThat(image.where()).isEqualTo("body");
    byte[] found = new byte[image.bytes(padded).remaining()];
    image.bytes(padded).get(found);
    assertThat(found).isEqualTo(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|image/png|parts",
        "200|IMAGE/PNG|parts",
        "200|video/mp4|content_type content-type",
        "200|application/octet-stream|content_type content-type",
        "200|image/png; charset=utf-16|content_type content-type",
        "200||content_type content-type",
        "400|image/png|not_judged status",
      })
  void claimsTheTypesOfImagesOnly(int status, String type, String expected) {
    byte[] body = {1, 2, 3};
    assertThat(
            Samples.outcome(
                TOY.readReply(MAKE, status, type, body, body.length, ReadLimits.defaults())))
        .isEqualTo(expected);
  }

  @Test
  void refusesAReplyWithFewerImagesThanMustBe() {
    assertThat(reply("{\"images\":[]}")).isEqualTo("missing_field");
    assertThat(reply("{\"images\":[\"\"]}")).isEqualTo("missing_field");
    assertThat(reply("{\"images\":[\"" + Samples.PNG + "\"]}")).isEqualTo("parts");
  }

  @Test
  void judgesTheImagesOfAnEcho() {
    String json =
        "{\"images\":[\"%1$s\"],\"echo\":{\"a\":[\"text\",\"%1$s\",7,\"data:image/png;base64,%1$s\"]}}"
            .formatted(Samples.PNG);
    assertThat(((Reading.Parts) read(json)).images())
        .extracting(ImagePart::where)
        .containsExactly("/images/0", "/echo/a/1", "/echo/a/3");
    assertThat(reply("{\"images\":[\"" + Samples.PNG + "\"],\"echo\":\"https://a.example/x\"}"))
        .isEqualTo("unclaimed_image /echo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a house, https://a.example/x|parts",
        "https://a.example/x.png|parts",
        "$RUN|parts",
        "$PNG|unclaimed_image /info",
        "data:image/png;base64,$PNG|unclaimed_image /info",
        "{\\\"images\\\": \\\"data:image/png;base64,$PNG\\\"}|unclaimed_image /info",
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJ|unclaimed_image /info",
        "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAAAAA|unclaimed_image /info",
        "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAA==|unclaimed_image /info",
      })
  void letsAnEchoByUnlessItIsAnImage(String info, String expected) {
    String text = info.replace("$RUN", "ErUB" + "Ab0x".repeat(200)).replace("$PNG", Samples.PNG);
    assertThat(reply("{\"images\":[\"" + Samples.PNG + "\"],\"info\":\"" + text + "\"}"))
        .isEqualTo(expected);
  }

  @Test
  void findsImagesWhereverTheyStandInARequest() {
    String json =
        "{\"prompt\":\"a dog\",\"any\":{\"x\":[{\"image\":\"%1$s\",\"word\":\"a zeppelin\"},\"%2$s\"]}}"
            .formatted(Samples.PNG, Samples.base64(300).replace("/", "\\/"));
    Reading.Parts parts = (Reading.Parts) request(MAKE, json);
    assertThat(parts.images())
        .extracting(ImagePart::where)
        .containsExactly("/any/x/0/image", "/any/x/1");
    assertThat(Samples.texts(parts))
        .containsExactly("positive /prompt=a dog", "unknown /any/x/0/word=a zeppelin");
    assertThat(Samples.outcome(request(MAKE, "{\"prompt\":\"a\",\"any\":\"https://a.example/x\"}")))
        .isEqualTo("unclaimed_image /any");
  }

  @Test
  void aSignatureIsNoPicture() {
    String run = "ErUB" + "Ab0x".repeat(200);
    assertThat(Samples.texts(request(MAKE, "{\"prompt\":\"a\",\"signature\":\"" + run + "\"}")))
        .containsExactly("positive /prompt=a");
    assertThat(
            Samples.outcome(
                request(MAKE, "{\"prompt\":\"a\",\"signature\":\"" + Samples.PNG + "\"}")))
        .isEqualTo("unclaimed_image /signature");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|parts",
        "{}|parts",
        "{'id':'a1','n':1}|parts",
        "{'id':'a zeppelin'}|not_judged",
        "{'prompt':'a dog'}|not_judged",
        "{'x':'https://a.example/b'}|unclaimed_image /x",
        "{'a':1,'a':2}|duplicate_key /a",
      })
  void aControlRequestHoldsNothingToJudge(String json, String expected) {
    String body = json == null ? "" : json.replace('\'', '"');
    assertThat(Samples.outcome(request(STOP, body))).isEqualTo(expected);
  }

  @Test
  void letsAnEmptyReplyByWhereNoImageMustBe() {
    assertThat(
            Samples.outcome(TOY.readReply(MAKE, 200, null, new byte[0], 0, ReadLimits.defaults())))
        .isEqualTo("parts");
    assertThat(List.of(MAKE.id(), STOP.id())).containsExactly("make", "stop");
  }

  private static Reading request(Route route, String json) {
    return TOY.readRequest(route, "application/json", json.getBytes(UTF_8), ReadLimits.defaults());
  }

  private static Reading read(String json) {
    byte[] body = json.getBytes(UTF_8);
    return TOY.readReply(MAKE, 200, "application/json", body, body.length, ReadLimits.defaults());
  }

  private static String reply(String json) {
    return Samples.outcome(read(json));
  }
}
