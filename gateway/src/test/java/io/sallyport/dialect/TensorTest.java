package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON and the bytes of tensors after it, both ways. */
class TensorTest {
  private static final Dialect KSERVE = Dialect.bundled("kserve-v2");
  private static final byte[] PNG = Base64.getDecoder().decode(Samples.PNG);

  private static List<String> request(Tensors tensors) throws BadBase64Exception {
    Tensors.Sent sent = tensors.sent();
    return Tensors.found(Tensors.read(KSERVE, sent), sent.body());
  }

  private static List<String> reply(Tensors tensors) throws BadBase64Exception {
    Tensors.Sent sent = tensors.sent();
    return Tensors.found(Tensors.reply(KSERVE, sent), sent.body());
  }

  @Test
  void findsTextsAndImagesOfARequest() throws Exception {
    assertThat(
            request(
                Tensors.inputs()
                    .strings("PROMPT", "a dog", "on a b\u00e9ach")
                    .tensor("STEPS", "INT32", "[1]", Tensors.i32(30))
                    .strings("NEGATIVE_PROMPT", "blurry")
                    .strings("IMAGE", PNG)
                    .described("{'name':'TEXT','datatype':'BYTES','shape':[1],'data':['a cat']}")
                    .strings("caption", "a hat", "x")
                    .strings("image", Samples.PNG, "data:image/png;base64," + Samples.PNG, "")))
        .containsExactly(
            "positive /inputs/4/data/0=a cat",
            "positive /inputs/0/data/0=a dog",
            "positive /inputs/0/data/1=on a b\u00e9ach",
            "negative /inputs/2/data/0=blurry",
            "unknown /inputs/5/data/0=a hat",
            "/inputs/3/data/0: 70 bytes",
            "/inputs/6/data/0: 70 bytes",
            "/inputs/6/data/1: 70 bytes");
  }

  @Test
  void findsTheImagesOfAReply() throws Exception {
    assertThat(
            reply(
                Tensors.outputs()
                    .strings("IMAGE", PNG, Samples.PNG.getBytes(UTF_8))
                    .strings("note", "done")
                    .tensor("seed", "UINT64", "[1]", new byte[8])))
        .containsExactly("/outputs/0/data/0: 70 bytes", "/outputs/0/data/1: 70 bytes");
  }

  /** A base64 text in an image's tensor is read strictly, as in JSON. */
  @Test
  void base64IsReadStrictly() {
    Tensors.Sent sent = Tensors.inputs().strings("IMAGE", "QUJ=Qw==").sent();
    Reading.Parts parts = (Reading.Parts) Tensors.read(KSERVE, sent);
    assertThat(parts.images()).hasSize(1);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> parts.images().getFirst().bytes(sent.body()))
        .isInstanceOf(BadBase64Exception.class);
  }

  @Test
  void guidanceInATensorMakesANegativePromptShow() throws Exception {
    for (float guidance : new float[] {0, 0.5f, 7}) {
      assertThat(
              request(
                  Tensors.inputs()
                      .strings("PROMPT", "a dog")
                      .strings("NEGATIVE_PROMPT", "a hat")
                      .tensor("GUIDANCE_SCALE", "FP32", "[1]", Tensors.floats(guidance))))
          .contains((guidance < 1 ? "positive" : "negative") + " /inputs/1/data/0=a hat");
    }
  }

  /** Every shape of pixels, against a decoder of the JDK's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UINT8|[5,7,3]|1", "UINT8|[1,5,7,3]|1", "UINT8|[2,5,7,3]|2", "UINT8|[5,7,1]|1",
        "UINT8|[5,7,4]|1", "FP32|[5,7,3]|1", "FP32|[2,5,7,1]|2", "UINT8|[300,300,3]|1",
        "FP32|[200,300,4]|1", "UINT8|[0,5,7,3]|0"
      })
  void pixelsAreShownAsTheyAre(String type, String shape, int pictures) throws Exception {
    int[] sides =
        Arrays.stream(shape.replaceAll("[\\[\\]]", "").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    int all = Arrays.stream(sides).reduce(1, (a, b) -> a * b);
    byte[] levels = new byte[all];
    new SplittableRandom(all).nextBytes(levels);
    float[] floats = new float[all];
    for (int i = 0; i < all; i++) {
      floats[i] = (levels[i] & 0xFF) / 255f;
    }
    byte[] data = type.equals("UINT8") ? levels : Tensors.floats(floats);
    Tensors.Sent sent =
        Tensors.inputs().strings("PROMPT", "a dog").tensor("IMAGE", type, shape, data).sent();
    Reading.Parts parts = (Reading.Parts) Tensors.read(KSERVE, sent);
    assertThat(parts.images()).hasSize(pictures);
    int channels = sides[sides.length - 1];
    int one = pictures == 0 ? 0 : all / pictures;
    for (int i = 0; i < pictures; i++) {
      BufferedImage picture = decoded(parts.images().get(i).bytes(sent.body()));
      assertThat(picture.getWidth()).isEqualTo(sides[sides.length - 2]);
      assertThat(picture.getHeight()).isEqualTo(sides[sides.length - 3]);
      assertThat(picture.getRaster().getNumBands()).isEqualTo(channels);
      int[] bands = new int[one];
      picture.getRaster().getPixels(0, 0, picture.getWidth(), picture.getHeight(), bands);
      for (int k = 0; k < one; k++) {
        assertThat(bands[k]).as("sample %d", k).isEqualTo(levels[i * one + k] & 0xFF);
      }
    }
  }

  private static BufferedImage decoded(ByteBuffer png) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(png.array(), png.position(), png.remaining()));
  }

  /** Two readers could see two pictures, or none sees one. */
  @Test
  void pixelsThatCannotBeShownAreRefused() throws Exception {
    byte[] bytes = new byte[3 * 4 * 5];
    for (String shape : List.of("[3,4,5]", "[60]", "[12,5]", "[5,6,2]", "[1,1,4,5,3]", "[]")) {
      int all = shape.equals("[]") ? 1 : 60;
      Tensors tensor = tensor(Tensors.inputs(), "UINT8", shape, Arrays.copyOf(bytes, all));
      assertThat(request(tensor)).as(shape).containsExactly("not_judged /inputs/0/data");
    }
    for (String type : List.of("INT8", "UINT16", "FP16", "BF16", "FP64", "BOOL", "INT64")) {
      int size = Tensor.Type.valueOf(type).bytes();
      byte[] data = new byte[60 * size];
      assertThat(reply(tensor(Tensors.outputs(), type, "[4,5,3]", data)))
          .as(type)
          .containsExactly("not_judged /outputs/0/data");
    }
    for (float value : new float[] {-0.01f, 1.01f, 255, Float.NaN, Float.POSITIVE_INFINITY}) {
      byte[] data = Tensors.floats(0, 0.5f, value);
      assertThat(reply(tensor(Tensors.outputs(), "FP32", "[1,1,3]", data)))
          .as("%f", value)
          .containsExactly("not_judged /outputs/0/data");
    }
  }

  private static Tensors tensor(Tensors to, String type, String shape, byte[] data) {
    return to.tensor("IMAGE", type, shape, data);
  }

  /** Numbers that no image is claimed in may be a few, not a picture. */
  @Test
  void manyNumbersElsewhereAreRefused() throws Exception {
    Tensors few = Tensors.inputs().strings("PROMPT", "a dog");
    few.tensor("latents", "FP32", "[512]", new byte[2048]);
    few.tensor("mask", "UINT8", "[506]", new byte[506]);
    assertThat(request(few)).containsExactly("positive /inputs/0/data/0=a dog");
    Tensors many = Tensors.inputs().strings("PROMPT", "a dog");
    many.tensor("mask", "UINT8", "[32,32,1]", new byte[1024]);
    assertThat(request(many)).containsExactly("unclaimed_image /inputs/1/data/1020");
    Tensors reply = Tensors.outputs().strings("IMAGE", PNG);
    reply.tensor("other", "UINT8", "[64,64,3]", new byte[64 * 64 * 3]);
    assertThat(reply(reply).getFirst()).startsWith("unclaimed_image /outputs/1/data/");
  }

  /** What is no text is not let by as one. */
  @Test
  void bytesElsewhereMustBeText() throws Exception {
    byte[] bitmap = new byte[60];
    bitmap[0] = 'B';
    bitmap[1] = 'M';
    for (byte[] bad :
        List.of(PNG, bitmap, "GIF89a".getBytes(UTF_8), "RIFFxxxxWAVE".getBytes(UTF_8))) {
      assertThat(request(Tensors.inputs().strings("PROMPT", bad)).getFirst())
          .isEqualTo("unclaimed_image /inputs/0/data/0");
      assertThat(reply(Tensors.outputs().strings("IMAGE", PNG).strings("note", bad)).getFirst())
          .isEqualTo("unclaimed_image /outputs/1/data/0");
    }
    for (byte[] bad : new byte[][] {{'a', 0, 'b'}, {(byte) 0xC0, (byte) 0x80}, {-1, -1}}) {
      assertThat(request(Tensors.inputs().strings("other", bad)).getFirst())
          .isEqualTo("not_utf8 /inputs/0/data/0");
    }
    String uri = "data:image/png;base64," + Samples.PNG;
    assertThat(request(Tensors.inputs().strings("PROMPT", uri)).getFirst())
        .isEqualTo("unclaimed_image /inputs/0/data/0");
    assertThat(request(Tensors.inputs().strings("IMAGE", "https://a.example/b")).getFirst())
        .isEqualTo("not_judged /inputs/0/data/0");
    assertThat(request(Tensors.inputs().tensor("PROMPT", "INT32", "[1]", new byte[4])).getFirst())
        .isEqualTo("wrong_type /inputs/0/data/0");
  }

  /** Each is a body that two readers would cut in two ways. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // one byte too few, one too many
        "{'name':'a','datatype':'UINT8','shape':[3],'parameters':{'binary_data_size':3}}",
        "{'name':'a','datatype':'UINT8','shape':[5],'parameters':{'binary_data_size':5}}",
        "{'name':'a','datatype':'UINT8','shape':[4],'data':[1],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':[2,3],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'INT32','shape':[4],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'uint8','shape':[4],'parameters':{'binary_data_size':4}}",
        "{'name':'a','shape':[4],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','parameters':{'binary_data_size':4}}",
        "{'datatype':'UINT8','shape':[4],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':[-4],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':[4.0],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':['4'],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':4,'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':[1,1,1,1,1,1,1,1,4],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':[65536,65536,65536,65536],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'UINT8','shape':[4],'parameters':{'binary_data_size':'4'}}",
        "{'name':'a','datatype':'UINT8','shape':[4],'parameters':{'binary_data_size':4e0}}",
        "{'name':'a','datatype':'UINT8','shape':[4],'parameters':{'binary_data_size':-4}}",
        "{'name':'a','datatype':'UINT8','shape':[4],'parameters':{'binary_data_size':99999999999}}",
        "{'name':'a','datatype':'UINT8','shape':[4],'parameters':[{'binary_data_size':4}]}",
        "{'name':'a','datatype':'UINT8','shape':[4]}",
        // of four bytes: a length of 4 with nothing after it, one element too few, one too many
        "{'name':'a','datatype':'BYTES','shape':[1],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'BYTES','shape':[2],'parameters':{'binary_data_size':4}}",
        "{'name':'a','datatype':'BYTES','shape':[0],'parameters':{'binary_data_size':4}}",
        "7",
      })
  void tensorsThatAreNotAsDescribedAreRefused(String object) throws Exception {
    Tensors tensors = Tensors.inputs().described(object).rest(new byte[] {4, 0, 0, 0});
    assertThat(request(tensors).getFirst()).startsWith("malformed_tensors");
    Tensors outputs = Tensors.outputs().described(object).rest(new byte[] {4, 0, 0, 0});
    assertThat(reply(outputs).getFirst()).startsWith("malformed_tensors");
  }

  @Test
  void elementsThatDoNotFillTheirTensorAreRefused() throws Exception {
    String two = "{'name':'a','datatype':'BYTES','shape':[2],'parameters':{'binary_data_size':9}}";
    for (byte[] bad :
        new byte[][] {
          {1, 0, 0, 0, 'a', 1, 0, 0, 0}, // the second is cut
          {5, 0, 0, 0, 'a', 'b', 'c', 'd', 'e'}, // one fills it all
          {0, 0, 0, 0, 0, 0, 0, 0, 'a'}, // one byte is left
          {-1, -1, -1, -1, 'a', 'b', 'c', 'd', 'e'},
        }) {
      assertThat(request(Tensors.inputs().described(two).rest(bad)).getFirst())
          .startsWith("malformed_tensors");
    }
    assertThat(
            request(Tensors.inputs().described(two).rest(new byte[] {1, 0, 0, 0, 'a', 0, 0, 0, 0})))
        .containsExactly("missing_field");
  }

  /** A name twice is read by the first or by the last, and the reply is read strictly here too. */
  @Test
  void namesTwiceAreRefused() throws Exception {
    for (String twice :
        List.of(
            "'name':'IMAGE','name':'a','datatype':'UINT8','shape':[3],'parameters':{'binary_data_size':3}",
            "'name':'a','datatype':'UINT8','shape':[3],'shape':[3],'parameters':{'binary_data_size':3}",
            "'name':'a','datatype':'UINT8','shape':[3],'parameters':{'binary_data_size':3,'binary_data_size':3}",
            "'name':'a','datatype':'UINT8','shape':[3],'parameters':{},'parameters':{'binary_data_size':3}")) {
      assertThat(reply(Tensors.outputs().described("{" + twice + "}").rest(new byte[3])).getFirst())
          .as(twice)
          .startsWith("duplicate_key");
    }
  }

  @Test
  void theHeaderIsExactOrAbsent() {
    Tensors.Sent sent = Tensors.inputs().strings("PROMPT", "a dog").sent();
    byte[] body = sent.body();
    String exact = Integer.toString(sent.json());
    assertThat(outcome(body, List.of(exact), List.of())).isEqualTo("parts");
    assertThat(outcome(body, List.of(exact), List.of("application/octet-stream")))
        .isEqualTo("parts");
    for (List<String> bad :
        List.of(
            List.of(exact, exact),
            List.of("0" + exact),
            List.of("+" + exact),
            List.of(exact + " "),
            List.of(exact + ".0"),
            List.of("0"),
            List.of(""),
            List.of("-1"),
            List.of("99999999999"),
            List.of(Integer.toString(body.length + 1)))) {
      assertThat(outcome(body, bad, List.of()))
          .as("%s", bad)
          .isEqualTo("malformed_tensors header:" + Tensors.LENGTH);
    }
    assertThat(outcome(body, List.of(Integer.toString(sent.json() - 1)), List.of()))
        .startsWith("malformed_json");
    assertThat(outcome(body, List.of(Integer.toString(sent.json() + 1)), List.of()))
        .startsWith("malformed_json");
    for (List<String> types :
        List.of(
            List.of("application/json"),
            List.of("application/octet-stream; charset=utf-16"),
            List.of("application/octet-stream", "application/octet-stream"))) {
      assertThat(outcome(body, List.of(exact), types)).isEqualTo("content_type content-type");
    }
    assertThat(outcome(body, List.of(), List.of("application/octet-stream")))
        .isEqualTo("content_type content-type");
    assertThat(outcome(body, List.of(), List.of("application/json"))).startsWith("malformed_json");
  }

  private static String outcome(byte[] body, List<String> lengths, List<String> types) {
    return Samples.outcome(Tensors.read(KSERVE, body, lengths, types));
  }

  /** Clients go by the field, whatever the type is. */
  @Test
  void aReplysHeaderIsExactAndOnlyWhereTensorsAre() {
    Tensors.Sent sent = Tensors.outputs().strings("IMAGE", PNG).sent();
    String exact = Integer.toString(sent.json());
    String type = "application/octet-stream";
    assertThat(replied(sent.body(), List.of(exact), type)).isEqualTo("parts");
    assertThat(replied(sent.body(), List.of(), type))
        .isEqualTo("malformed_tensors header:" + Tensors.LENGTH);
    assertThat(replied(sent.body(), List.of(exact, exact), type))
        .isEqualTo("malformed_tensors header:" + Tensors.LENGTH);
    byte[] json =
        ("{\"outputs\":[{\"name\":\"IMAGE\",\"data\":[\"" + Samples.PNG + "\"]}]}").getBytes(UTF_8);
    assertThat(replied(json, List.of(), "application/json")).isEqualTo("parts");
    assertThat(replied(json, List.of(Integer.toString(json.length)), "application/json"))
        .isEqualTo("not_judged header");
    assertThat(replied(json, List.of(Integer.toString(json.length)), type)).isEqualTo("parts");
    assertThat(replied(Tensors.outputs().strings("note", "x").sent().body(), List.of("99"), type))
        .isEqualTo("malformed_json");
  }

  @Test
  void aReplyWithoutAnImageIsRefused() throws Exception {
    assertThat(reply(Tensors.outputs().strings("note", "done"))).containsExactly("missing_field");
  }

  private static String replied(byte[] body, List<String> lengths, String type) {
    return Samples.outcome(Tensors.reply(KSERVE, body, lengths, type));
  }

  @Test
  void tooManyPicturesAreRefused() throws Exception {
    assertThat(request(Tensors.inputs().tensor("IMAGE", "UINT8", "[65,1,1,3]", new byte[195])))
        .containsExactly("too_many_images /inputs/0/data/194");
  }

  /** A model that takes base64 only: its dialect says so, and other bytes are no image then. */
  @Test
  void aDialectMaySayHowImagesAreWritten() throws Exception {
    Problems problems = new Problems();
    String file =
        """
        dialect: mine
        extends: kserve-v2
        routes:
          - id: infer
            match: {method: POST, path: "/v2/models/{model}/infer", type: application/json}
            effect: generate
            codec_if: {header: inference-header-content-length, codec: kserve-binary}
            reply: out
            images: [{sel: "/inputs/*[name=IMAGE]/data/*", as: base64}]
            plain: [{sel: "/inputs/*/{name,datatype}", fits: "[A-Z]+"}]
        """;
    Dialect mine = Dialect.parse("mine.yaml", file.getBytes(UTF_8), problems).orElseThrow();
    Tensors.Sent text = Tensors.inputs().strings("IMAGE", Samples.PNG).sent();
    assertThat(Tensors.found(Tensors.read(mine, text), text.body()))
        .containsExactly("/inputs/0/data/0: 70 bytes");
    Tensors.Sent bytes = Tensors.inputs().strings("IMAGE", PNG).sent();
    assertThat(Samples.outcome(Tensors.read(mine, bytes)))
        .isEqualTo("unclaimed_image /inputs/0/data/0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{header: Length, codec: kserve-binary}|application/json|a header has a lower-case name",
        "{header: x-length}|application/json|missing key 'codec'",
        "{header: x-length, codec: zip}|application/json|kserve-binary",
        "{header: x-length, codec: kserve-binary, more: 1}|application/json|unknown key",
        "{header: x-length, codec: kserve-binary}|multipart/form-data|codec_if is for requests of"
            + " application/json",
        "{header: x-user, codec: kserve-binary}|application/json|codec_if reads the header 'x-user'"
            + " itself",
      })
  void tellsWhatIsWrongInAFile(String codec, String type, String expected) {
    assertThat(problems(codec, type, "type: application/octet-stream}\n      codec_if: " + codec))
        .anySatisfy(it -> assertThat(it).contains(expected));
  }

  @Test
  void aReplysTypeAndCodecBelongTogether() {
    String codec = "{header: x-length, codec: kserve-binary}";
    for (String bad :
        List.of(
            "type: application/octet-stream}",
            "type: application/json}\n      codec_if: " + codec,
            "type: [application/json, application/octet-stream]}\n      codec_if: " + codec)) {
      assertThat(problems(codec, "application/json", bad))
          .containsExactly("replies.out[0]: application/octet-stream alone has 'codec_if'");
    }
    assertThat(
            problems(
                codec,
                "application/json",
                "type: application/octet-stream}\n      codec_if: " + codec))
        .isEmpty();
  }

  private static List<String> problems(String codec, String type, String reply) {
    Problems problems = new Problems();
    String field = type.startsWith("multipart") ? "form:prompt" : "/prompt";
    String file =
        """
        dialect: toy
        routes:
          - id: make
            match: {method: POST, path: /make, type: %s}
            effect: generate
            codec_if: %s
            reply: out
            text: [{sel: "%s", role: positive}]
            user: ["header:x-user"]
        replies:
          out:
            - when: {status: 2xx, %s
        block: {input: {status: 400, json: {a: b}}, output: {status: 400, json: {a: b}}}
        error: {json: {a: b}}
        """
            .formatted(type, codec, field, reply);
    Dialect.parse("toy.yaml", file.getBytes(UTF_8), problems);
    return problems.list().stream().map(Problem::message).toList();
  }

  @Test
  void namesOfHeadersAreTold() {
    Route route = Samples.route(KSERVE, "POST", "/v2/models/m/infer");
    assertThat(route.headers()).containsExactlyInAnyOrder(Tensors.LENGTH, "content-type");
    assertThat(route.replyHeaders()).containsExactly(Tensors.LENGTH);
    assertThat(Samples.GENERATE.replyHeaders()).isEmpty();
  }
}
