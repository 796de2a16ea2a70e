package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
  private static final String FULL =
      """
      {"model":"org/gpt-image-1:latest","prompt":"a red bicycle","n":2,"size":"1024x1024",
       "quality":"high","style":"vivid","background":"opaque","output_format":"webp",
       "output_compression":80,"moderation":"low","response_format":"b64_json","stream":false,
       "partial_images":0,"user":"u-1"}\
      """;

  @Test
  void readsEveryFieldOfTheApi() {
    Reading.Parts parts = (Reading.Parts) Samples.request(FULL);
    assertThat(Samples.texts(parts)).containsExactly("positive /prompt=a red bicycle");
    assertThat(parts.user()).contains("u-1");
    assertThat(parts.images()).isEmpty();
    assertThat(parts.swept()).isZero();
  }

  @Test
  void tellsRolesAndPutsClaimedTextsFirst() {
    Reading.Parts parts =
        (Reading.Parts)
            Samples.request(
                """
                {"new_field":"on a beach","negative_prompt":"blurry","system_prompt":"be kind",
                 "prompt":"a dog","extra_params":{"styles":["oil","no"]}}\
                """);
    assertThat(Samples.texts(parts))
        .containsExactly(
            "negative /negative_prompt=blurry",
            "context /system_prompt=be kind",
            "positive /prompt=a dog",
            "unknown /new_field=on a beach",
            "unknown /extra_params/styles/0=oil");
    assertThat(parts.swept()).isEqualTo(2);
  }

  @Test
  void judgesAnEmptyPrompt() {
    assertThat(Samples.texts(Samples.request("{\"prompt\":\"\"}")))
        .containsExactly("positive /prompt=");
  }

  @Test
  void undoesEscapesInNamesAndTexts() {
    assertThat(
            Samples.texts(
                Samples.request("{\"pr\\u006Fmpt\":\"a z\\u0065ppelin \\ud83d\\ude00\"}")))
        .containsExactly("positive /prompt=a zeppelin 😀");
  }

  static List<String[]> defects() {
    List<String[]> rows = new ArrayList<>();
    add(rows, "", "malformed_json");
    add(rows, "[]", "missing_field /prompt");
    add(rows, "null", "missing_field /prompt");
    add(rows, "{}", "missing_field /prompt");
    add(rows, "{\"prompt\":null}", "missing_field /prompt");
    add(rows, "{\"Prompt\":\"x\"}", "missing_field /prompt");
    add(rows, "{\"a\":{\"prompt\":\"x\"}}", "missing_field /prompt");
    add(rows, "{\"prompt\":1}", "wrong_type /prompt");
    add(rows, "{\"prompt\":true}", "wrong_type /prompt");
    add(rows, "{\"prompt\":[\"x\"]}", "wrong_type /prompt");
    add(rows, "{\"prompt\":{\"a\":\"x\"}}", "wrong_type /prompt");
    add(rows, "{\"prompt\":\"x\",\"negative_prompt\":[]}", "wrong_type /negative_prompt");
    add(rows, "{\"prompt\":\"x\"}{}", "malformed_json");
    add(rows, "{\"prompt\":\"x\",}", "malformed_json /prompt");
    add(rows, "{\"prompt\":\"x\",\"n\":NaN}", "malformed_json /n");
    add(rows, "{\"prompt\":\"\\ud800\"}", "malformed_json /prompt");
    add(rows, "{\"prompt\":\"x\",\"prompt\":\"y\"}", "duplicate_key /prompt");
    add(rows, "{\"prompt\":\"x\",\"pr\\u006fmpt\":\"y\"}", "duplicate_key /prompt");
    add(rows, "{\"prompt\":\"x\",\"a\":[{},{\"b\":{\"c\":1,\"c\":2}}]}", "duplicate_key /a/1/b/c");
    add(rows, "{\"prompt\":\"x\",\"a\":{\"b\":1},\"a\":2}", "duplicate_key /a");
    add(
        rows,
        "{\"prompt\":\"x\",\"a\":" + "[".repeat(64) + "]".repeat(64) + "}",
        "too_deep /a" + "/0".repeat(62));
    add(rows, prompt("x".repeat(32_001)), "text_too_long /prompt");
    add(rows, prompt("\\n".repeat(32_001)), "text_too_long /prompt");
    add(rows, prompt("\\u0041".repeat(40_000)), "text_too_long /prompt");
    add(
        rows,
        "{\"prompt\":\"x\",\"a\":[" + "\"dog \",".repeat(256) + "0]}",
        "too_many_values /a/255");
    add(
        rows,
        "{\"prompt\":\"x\",\"a\":[" + ("\"" + "dog ".repeat(8_000) + "\",").repeat(4) + "0]}",
        "text_too_long /a/3");
    add(
        rows,
        "{\"prompt\":\"x\",\"a\":[" + "null,".repeat(100_000) + "0]}",
        "too_many_values /a/99995");
    return rows;
  }

  @ParameterizedTest
  @MethodSource("defects")
  void refusesDefects(String json, String expected) {
    assertThat(Samples.outcome(Samples.request(json))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'stream':true|parts",
        "'stream':true,'partial_images':4|not_judged /partial_images",
        "'stream':'false'|not_judged /stream",
        "'stream':0|not_judged /stream",
        "'stream':{}|not_judged /stream",
        "'partial_images':3|parts",
        "'partial_images':0.0|not_judged /partial_images",
        "'response_format':'url'|parts",
        "'response_format':'file'|parts",
        "'response_format':'zip'|not_judged /response_format",
        "'response_format':'b64_json '|not_judged /response_format",
        "'response_format':['b64_json']|not_judged /response_format",
        "'diffusers_kwargs':{'prompt':'a'}|not_judged /diffusers_kwargs",
        "'diffusers_kwargs':{}|not_judged /diffusers_kwargs",
        "'image_url':'https://a.example/b'|not_judged /image_url",
        "'files':['https://a.example/b']|not_judged /files/0",
        "'images':[]|not_judged /images",
        "'mask':false|not_judged /mask",
        "'webhook_url':'x'|not_judged /webhook_url",
        "'\\u0073tream':1|not_judged /stream",
        "'stream':null|parts",
        "'image_url':null|parts",
        "'response_format':null|parts",
        "'response_format':'b64\\u005fjson'|parts",
      })
  void refusesWhatIsNotJudged(String field, String expected) {
    String json = ("{'prompt':'a dog'," + field + "}").replace('\'', '"');
    assertThat(Samples.outcome(Samples.request(json))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/a",
        "HTTPS://example.org",
        " http://a",
        "s3://bucket/key",
        "//host/a.png",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE",
        "DATA:application/octet-stream;base64,AAAAAAAA",
        "see data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE",
        "<SVG xmlns='http://www.w3.org/2000/svg'/>",
        "data\\u003aimage/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE",
      })
  void refusesImagesAndUrlsWhereNoneAreClaimed(String value) {
    for (String place :
        List.of(
            "\"new\":\"%s\"",
            "\"new\":[{\"a\":\"%s\"}]",
            "\"lora\":{\"path\":\"%s\"}",
            "\"user\":\"%s\"",
            "\"model\":\"%s\"")) {
      String json = "{\"prompt\":\"a dog\"," + place.formatted(value) + "}";
      assertThat(Samples.outcome(Samples.request(json))).as(json).startsWith("unclaimed_image /");
    }
  }

  @Test
  void findsBase64WhereNoImageIsClaimedWhateverItsLength() {
    for (int bytes : new int[] {192, 2_000, 100_000}) {
      String json = "{\"prompt\":\"x\",\"a\":{\"b\":\"" + Samples.base64(bytes) + "\"}}";
      assertThat(Samples.outcome(Samples.request(json))).isEqualTo("unclaimed_image /a/b");
    }
    assertThat(Samples.outcome(Samples.request("{\"prompt\":\"x\",\"a\":\"" + Samples.PNG + "\"}")))
        .isEqualTo("unclaimed_image /a");
    String pixels = "{\"prompt\":\"x\",\"a\":[" + "[1,2,3],".repeat(342) + "[]]}";
    assertThat(Samples.outcome(Samples.request(pixels))).isEqualTo("unclaimed_image /a/341/1");
  }

  @Test
  void refusesDataUrisInClaimedTexts() {
    assertThat(Samples.outcome(Samples.request(prompt("data:image/png;base64,AAAA"))))
        .isEqualTo("unclaimed_image /prompt");
    assertThat(Samples.outcome(Samples.request(prompt("like data:image/png;BASE64,AAAA this"))))
        .isEqualTo("unclaimed_image /prompt");
    assertThat(Samples.outcome(Samples.request(prompt("a page like https://example.org, in oil"))))
        .isEqualTo("parts");
  }

  @Test
  void refusesTheTagThatHidesASecondRequest() {
    String tag = "a dog <sd_cpp_extra_args>{\\\"prompt\\\":\\\"other\\\"}</sd_cpp_extra_args>";
    assertThat(Samples.outcome(Samples.request(prompt(tag)))).isEqualTo("not_judged /prompt");
    assertThat(Samples.outcome(Samples.request("{\"prompt\":\"x\",\"a\":\"" + tag + "\"}")))
        .isEqualTo("not_judged /a");
  }

  @ParameterizedTest
  @CsvSource({
    "style, vivid, false",
    "style, like a zeppelin, true",
    "quality, hd, false",
    "quality, a zeppelin, true",
    "size, 512x512, false",
    "size, zeppelin, true",
    "model, org/name:tag, false",
    "model, a zeppelin, true",
    "user, user@example.org, false",
    "user, a zeppelin at night, true",
    "output_format, png, false",
    "output_format, zeppelin, true",
  })
  void sweepsPlainFieldsThatHoldText(String field, String value, boolean swept) {
    Reading.Parts parts =
        (Reading.Parts) Samples.request("{\"prompt\":\"x\",\"" + field + "\":\"" + value + "\"}");
    assertThat(parts.swept()).isEqualTo(swept ? 1 : 0);
    assertThat(parts.user().isPresent()).isEqualTo(field.equals("user") && !swept);
  }

  @Test
  void sweepsContainersInsidePlainFields() {
    assertThat(
            Samples.texts(Samples.request("{\"prompt\":\"x\",\"style\":{\"a\":[\"a zeppelin\"]}}")))
        .contains("unknown /style/a/0=a zeppelin");
  }

  @Test
  void sweepsNamesThatAreTexts() {
    Reading reading =
        Samples.request("{\"prompt\":\"x\",\"a zeppelin at night\":1,\"plain_name\":2}");
    assertThat(Samples.texts(reading))
        .containsExactly("positive /prompt=x", "unknown /?=a zeppelin at night");
    String image = "{\"prompt\":\"x\",\"" + Samples.base64(300) + "\":1}";
    assertThat(Samples.outcome(Samples.request(image))).isEqualTo("unclaimed_image /?");
  }

  @Test
  void neverPutsContentInToString() {
    assertThat(
            Samples.request("{\"prompt\":\"a zeppelin\",\"see a zeppelin\":\"a zeppelin\"}")
                .toString())
        .doesNotContain("zeppelin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        " application/json ",
        "application/json;",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json ; charset=utf8",
      })
  void takesJsonInUtf8(String type) {
    assertThat(Samples.outcome(read(type))).isEqualTo("parts");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "text/json",
        "application/jsonx",
        "application/json, text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; boundary=x",
        "application/json; charset=\"utf-8",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "application/json\u0000",
      })
  void refusesOtherContentTypes(String type) {
    assertThat(Samples.outcome(read(type))).isEqualTo("content_type content-type");
  }

  @Test
  void refusesOtherEncodings() {
    for (byte[] body : List.of(FULL.getBytes(UTF_16), ("\uFEFF" + FULL).getBytes(UTF_8))) {
      assertThat(Samples.outcome(read("application/json", body))).isEqualTo("malformed_json");
    }
    byte[] bad = "{\"prompt\":\"a _\"}".getBytes(UTF_8);
    bad[13] = (byte) 0xC0;
    assertThat(Samples.outcome(read("application/json", bad))).isEqualTo("not_utf8 /prompt");
  }

  @Test
  void refusesBodiesOfStaticRoutes() {
    assertThat(
            Samples.outcome(
                Samples.IMAGES.readRequest(
                    Samples.MODELS, null, new byte[0], ReadLimits.defaults())))
        .isEqualTo("parts");
    assertThat(
            Samples.outcome(
                Samples.IMAGES.readRequest(
                    Samples.MODELS, "application/json", new byte[1], ReadLimits.defaults())))
        .isEqualTo("content_type body");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] body = FULL.getBytes(UTF_8);
    for (int length = 0; length < body.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(body, length);
      assertThat(Samples.outcome(read("application/json", cut)))
          .as("cut at %d", length)
          .startsWith("malformed_json");
    }
  }

  @Test
  void takesExactlyAsMuchAsTheLimitsSay() {
    assertThat(Samples.outcome(Samples.request(prompt("x".repeat(32_000))))).isEqualTo("parts");
    assertThat(
            Samples.outcome(
                Samples.request("{\"prompt\":\"x\",\"a\":[" + "\"dog\",".repeat(255) + "0]}")))
        .isEqualTo("parts");
  }

  private static void add(List<String[]> rows, String json, String expected) {
    rows.add(new String[] {json, expected});
  }

  private static String prompt(String inner) {
    return "{\"prompt\":\"" + inner + "\"}";
  }

  private static Reading read(String type) {
    return read(type, FULL.getBytes(UTF_8));
  }

  private static Reading read(String type, byte[] body) {
    return Samples.IMAGES.readRequest(Samples.GENERATE, type, body, ReadLimits.defaults());
  }
}
