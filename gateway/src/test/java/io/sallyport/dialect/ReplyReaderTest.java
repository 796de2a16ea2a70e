package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
  private static final String ONE =
      "{\"created\":1,\"data\":[{\"b64_json\":\""
          + Samples.PNG
          + "\",\"url\":null}],\"usage\":{\"total_tokens\":5}}";

  @Test
  void findsEveryImageAsARangeOfTheBody() throws BadBase64Exception {
    String json =
        "{\"data\":[{\"b64_json\":\"AAAA\"},{\"revised_prompt\":\"a dog\",\"b64_json\":\"%s\"}]}"
            .formatted(Samples.PNG);
    Reading.Parts parts = (Reading.Parts) Samples.reply(json);
    assertThat(parts.images())
        .extracting(ImagePart::where)
        .containsExactly("/data/0/b64_json", "/data/1/b64_json");
    ImagePart.Base64 second = (ImagePart.Base64) parts.images().get(1);
    assertThat(json.substring(second.start(), second.end())).isEqualTo(Samples.PNG);
    assertThat(second.escaped()).isFalse();
    assertThat(second.bytes(json.getBytes(UTF_8)).array())
        .isEqualTo(Base64.getDecoder().decode(Samples.PNG));
    assertThat(Samples.texts(parts)).containsExactly("context /data/1/revised_prompt=a dog");
  }

  @Test
  void decodesEscapedImages() throws BadBase64Exception {
    byte[] body =
        ("{\"d\\u0061ta\":[{\"b64\\u005fjson\":\"" + Samples.PNG.replace("=", "\\u003d") + "\"}]}")
            .getBytes(UTF_8);
    Reading.Parts parts =
        (Reading.Parts) Samples.reply(Samples.GENERATE, 200, "application/json", body);
    assertThat(parts.images()).hasSize(1);
    assertThat(((ImagePart.Base64) parts.images().getFirst()).escaped()).isTrue();
    assertThat(parts.images().getFirst().bytes(body).array())
        .isEqualTo(Base64.getDecoder().decode(Samples.PNG));
  }

  @Test
  void judgesEveryMemberOfADuplicateName() {
    String json =
        "{\"data\":[{\"b64_json\":\"AAAA\",\"b64_json\":\"BBBB\"}],\"data\":[{\"b64_json\":\"CCCC\"}]}";
    assertThat(((Reading.Parts) Samples.reply(json)).images()).hasSize(3);
    Reading urls = Samples.reply("{\"data\":[{\"url\":\"x\",\"url\":\"y\",\"url\":null}]}");
    assertThat(((Reading.Parts) urls).links()).extracting(LinkPart::url).containsExactly("x", "y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'data':[]}|parts",
        "{'data':[{'b64_json':null}]}|parts",
        "{'data':[{'b64_json':''}]}|parts",
        "{'data':[{'url':'https://cdn.example/x.png'}]}|parts",
        "{'data':[{'url':'/v1/images/x/content'}]}|parts",
        "{'data':[{'url':7}]}|wrong_type /data/0/url",
        "{'data':[{'url':['https://cdn.example/x.png']}]}|wrong_type /data/0/url",
        "{'data':[{'url':'data:image/png,x'}]}|bad_base64 /data/0/url",
        "{'data':[{'b64_json':7}]}|wrong_type /data/0/b64_json",
        "{'data':[{'b64_json':['AAAA']}]}|wrong_type /data/0/b64_json",
        "{'data':[{'b64_json':{'a':1}}]}|wrong_type /data/0/b64_json",
        "{'data':[{'image_url':'https://cdn.example/x'}]}|unclaimed_image /data/0/image_url",
        "{'output':['https://cdn.example/x']}|unclaimed_image /output/0",
        "{'note':'see https://cdn.example/x.PNG here'}|unclaimed_image /note",
        "{'note':'see https://example.org/help here'}|parts",
        "{'data':[{'file_path':'/tmp/x.png'}]}|parts",
        "{'data':[{'b64':'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE'}]}|unclaimed_image"
            + " /data/0/b64",
        "{'text':'![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE)'}|unclaimed_image /text",
        "{'data':[{'revised_prompt':'x"
            + " data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA'}]}|unclaimed_image"
            + " /data/0/revised_prompt",
        "[1,2|malformed_json /1",
        "{'a':NaN}|malformed_json /a",
        "{} {}|malformed_json",
      })
  void looksAtEveryString(String json, String expected) {
    assertThat(Samples.outcome(Samples.reply(json.replace('\'', '"')))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"%s\"}",
        "{\"%s\":1}",
        "[[\"%s\"]]",
        "{\"info\":\"{\\\"x\\\":\\\"%s\\\"}\"}",
        "{\"a\":\"see: %s !\"}"
      })
  void findsImagesWhereverTheyStand(String json) {
    for (int bytes : new int[] {200, 3_000}) {
      assertThat(Samples.outcome(Samples.reply(json.formatted(Samples.base64(bytes)))))
          .startsWith("unclaimed_image");
      String lines = Samples.base64(bytes).replaceAll("(.{60})", "$1\\\\n");
      assertThat(Samples.outcome(Samples.reply(json.formatted(lines))))
          .startsWith("unclaimed_image");
      String urlSafe = Samples.base64(bytes).replace('+', '-').replace('/', '_');
      assertThat(Samples.outcome(Samples.reply(json.formatted(urlSafe))))
          .startsWith("unclaimed_image");
    }
  }

  @Test
  void refusesEscapedStringsTooLongToBeText() {
    String json = "{\"info\":\"" + "a b\\n".repeat(60_000) + "\"}";
    assertThat(Samples.outcome(Samples.reply(json))).isEqualTo("unclaimed_image /info");
    assertThat(Samples.outcome(Samples.reply("{\"info\":\"" + "a b\\n".repeat(50_000) + "\"}")))
        .isEqualTo("parts");
    assertThat(Samples.outcome(Samples.reply("{\"info\":\"" + "a b ".repeat(500_000) + "\"}")))
        .isEqualTo("parts");
  }

  @Test
  void refusesPixelsAsNumbers() {
    assertThat(Samples.outcome(Samples.reply("{\"p\":[" + "0,".repeat(1_024) + "0]}")))
        .isEqualTo("unclaimed_image /p/1024");
    assertThat(
            Samples.outcome(Samples.reply("{\"p\":[" + "{\"created\":1},".repeat(5_000) + "0]}")))
        .isEqualTo("parts");
  }

  @Test
  void countsImages() {
    String image = "{\"b64_json\":\"AAAA\"},";
    assertThat(Samples.outcome(Samples.reply("{\"data\":[" + image.repeat(64) + "0]}")))
        .isEqualTo("parts");
    assertThat(Samples.outcome(Samples.reply("{\"data\":[" + image.repeat(65) + "0]}")))
        .isEqualTo("too_many_images /data/64/b64_json");
  }

  @Test
  void takesNoMemoryForLargeImages() {
    String image = "{\"b64_json\":\"" + Samples.base64(1_500_000) + "\"},";
    byte[] body = ("{\"data\":[" + image.repeat(10) + "{}]}").getBytes(UTF_8);
    assertThat(body).hasSizeGreaterThan(20_000_000);
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    Reading reading = Samples.reply(Samples.GENERATE, 200, "application/json", body);
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;
    assertThat(((Reading.Parts) reading).images()).hasSize(10);
    assertThat(allocated).isBetween(1L, 1_000_000L);
  }

  @Test
  void toleratesIllFormedUtf8InStringsOnly() {
    assertThat(
            Samples.outcome(
                Samples.reply(
                    Samples.GENERATE,
                    200,
                    "application/json",
                    "{\"a\":\"\u00ff\"}".getBytes(ISO_8859_1))))
        .isEqualTo("parts");
    assertThat(
            Samples.outcome(
                Samples.reply(Samples.GENERATE, 200, "application/json", ONE.getBytes(UTF_16LE))))
        .startsWith("malformed_json");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] body = ONE.getBytes(UTF_8);
    byte[] larger = Arrays.copyOf(body, body.length + 50);
    for (int length = 1; length < body.length; length++) {
      Reading cut =
          Samples.IMAGES.readReply(
              Samples.GENERATE, 200, "application/json", larger, length, ReadLimits.defaults());
      assertThat(Samples.outcome(cut)).as("cut at %d", length).startsWith("malformed_json");
    }
    assertThat(
            Samples.outcome(
                Samples.IMAGES.readReply(
                    Samples.GENERATE,
                    200,
                    "application/json",
                    larger,
                    body.length,
                    ReadLimits.defaults())))
        .isEqualTo("parts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "100|application/json|not_judged status",
        "200|application/json|parts",
        "201|application/json; charset=utf-8|parts",
        "200|null|content_type content-type",
        "200|text/plain|content_type content-type",
        "200|image/png|parts",
        "200|video/mp4|content_type content-type",
        "201|image/png|content_type content-type",
        "206|image/png|content_type content-type",
        "200|text/event-stream|not_judged body",
        "200|application/json; charset=utf-16|content_type content-type",
        "301|application/json|not_judged status",
        "302|application/json|not_judged status",
        "304|application/json|not_judged status",
        "400|application/json|parts",
        "429|application/problem+json|parts",
        "503|application/json|parts",
        "503|image/png|content_type content-type",
        "600|application/json|not_judged status",
      })
  void claimsStatusesAndTypes(int status, String type, String expected) {
    assertThat(
            Samples.outcome(
                Samples.reply(
                    Samples.GENERATE,
                    status,
                    type,
                    "{\"error\":{\"message\":\"no\"}}".getBytes(UTF_8))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"200, parts", "204, parts", "400, parts", "502, parts", "302, not_judged status"})
  void passesEmptyBodiesOfClaimedStatuses(int status, String expected) {
    assertThat(Samples.outcome(Samples.reply(Samples.GENERATE, status, null, new byte[0])))
        .isEqualTo(expected);
  }

  @Test
  void passesNoImageWithAnErrorStatus() {
    List<String> bodies =
        List.of(
            "{\"data\":[{\"b64_json\":\"" + Samples.PNG + "\"}]}",
            "{\"x\":\"" + Samples.base64(300) + "\"}",
            "{\"image\":\"https://cdn.example/x\"}",
            "{\"x\":\"https://cdn.example/x.png\"}");
    for (String body : bodies) {
      assertThat(
              Samples.outcome(
                  Samples.reply(Samples.GENERATE, 400, "application/json", body.getBytes(UTF_8))))
          .as(body)
          .startsWith("unclaimed_image");
    }
    assertThat(
            Samples.outcome(
                Samples.reply(
                    Samples.GENERATE,
                    401,
                    "application/json",
                    "{\"error\":{\"message\":\"see https://example.org/keys\",\"doc_url\":\"https://example.org\"}}"
                        .getBytes(UTF_8))))
        .isEqualTo("parts");
    byte[] large = ("{\"x\":\"" + "a ".repeat(33_000) + "\"}").getBytes(UTF_8);
    assertThat(Samples.outcome(Samples.reply(Samples.GENERATE, 400, "application/json", large)))
        .isEqualTo("not_judged body");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bad Gateway|parts",
        "<html><head><title>502</title></head><body><center>nginx</center></body></html>|parts",
        "<html><IMG src=x></html>|unclaimed_image",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>|unclaimed_image",
        "<p style='background: URL(x)'>|unclaimed_image",
        "<script>draw()</script>|unclaimed_image",
      })
  void passesPlainErrorPagesOnly(String page, String expected) {
    for (String type : List.of("text/plain", "text/html; charset=utf-8")) {
      assertThat(Samples.outcome(Samples.reply(Samples.GENERATE, 502, type, page.getBytes(UTF_8))))
          .isEqualTo(expected);
    }
  }

  @Test
  void refusesImagesThatAreCalledText() {
    byte[] png = Base64.getDecoder().decode(Samples.PNG);
    assertThat(Samples.outcome(Samples.reply(Samples.GENERATE, 500, "text/plain", png)))
        .isEqualTo("not_utf8");
    byte[] gif = "GIF89a\u0001\u0000\u0001\u0000".getBytes(UTF_8);
    assertThat(Samples.outcome(Samples.reply(Samples.GENERATE, 500, "text/plain", gif)))
        .isEqualTo("content_type");
    byte[] base64 = Samples.base64(400).getBytes(UTF_8);
    assertThat(Samples.outcome(Samples.reply(Samples.GENERATE, 500, "text/plain", base64)))
        .isEqualTo("unclaimed_image");
  }

  @Test
  void sweepsStaticReplies() {
    String list =
        "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"home\":\"https://example.org\",\"created\":1}]}";
    assertThat(
            Samples.outcome(
                Samples.reply(Samples.MODELS, 200, "application/json", list.getBytes(UTF_8))))
        .isEqualTo("parts");
    for (String extra :
        List.of(
            "{\"preview_image\":\"https://a.example/b\"}",
            "{\"x\":\"" + Samples.base64(256) + "\"}",
            "{\"b64_json\":\"" + Samples.PNG + "\"}")) {
      assertThat(
              Samples.outcome(
                  Samples.reply(Samples.MODELS, 200, "application/json", extra.getBytes(UTF_8))))
          .as(extra)
          .startsWith("unclaimed_image");
    }
  }

  @Test
  void refusesRepliesOfRoutesThatAskNobody() {
    assertThat(
            Samples.outcome(
                Samples.reply(Samples.MODERATE, 200, "application/json", "{}".getBytes(UTF_8))))
        .isEqualTo("not_judged status");
  }
}
