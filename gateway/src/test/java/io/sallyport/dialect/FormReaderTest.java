package io.sallyport.dialect;

import static io.sallyport.dialect.Forms.PNG;
import static io.sallyport.dialect.Forms.field;
import static io.sallyport.dialect.Forms.file;
import static io.sallyport.dialect.Forms.form;
import static io.sallyport.dialect.Forms.read;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a form says, by the edit route of openai-images and by a file of its own. */
class FormReaderTest {
  private static final String PROMPT = field("prompt", "a dog");

  private static final String TOY =
      """
      dialect: toy
      routes:
        - id: make
          match: {method: POST, path: /make, type: multipart/form-data}
          effect: generate
          reply: out
          text: [{sel: "form:prompt", role: positive, required: true}]
          images:
            - {sel: "form:{mask,init[]}", as: auto}
            - {sel: "form:b64", as: base64}
            - {sel: "form:extra/*/image", as: auto}
            - {sel: "file:one"}
          json: ["form:extra", "form:extra/more"]
          plain: [{sel: "form:extra/kind", fits: "[a-z]+"}]
      replies:
        out: [{when: {status: 2xx, type: application/zip}}]
      block: {input: {status: 400, json: {a: b}}, output: {status: 400, json: {a: b}}}
      error: {json: {a: b}}
      """;

  @Test
  void findsTextsByRoleAndFilesAsImages() throws BadBase64Exception {
    String form =
        form(
            field("model", "org/gpt-image-1"),
            PROMPT,
            field("negative_prompt", "blurry"),
            field("system_prompt", "be kind"),
            file("image[]", PNG),
            file("image[]", PNG + "2"),
            file("mask", PNG + "3"),
            field("n", "2"),
            field("size", "1024x1024"),
            field("user", "u-1"),
            field("stream", "false"));
    byte[] body = form.getBytes(ISO_8859_1);
    Reading.Parts parts = (Reading.Parts) read(Forms.TYPE, body);
    assertThat(Samples.texts(parts))
        .containsExactly(
            "positive form:prompt=a dog",
            "negative form:negative_prompt=blurry",
            "context form:system_prompt=be kind");
    assertThat(parts.swept()).isZero();
    assertThat(parts.user()).contains("u-1");
    assertThat(parts.images())
        .extracting(ImagePart::where)
        .containsExactly("file:image[]", "file:image[]", "file:mask");
    for (int i = 0; i < 3; i++) {
      byte[] image = new byte[parts.images().get(i).bytes(body).remaining()];
      parts.images().get(i).bytes(body).get(image);
      assertThat(new String(image, ISO_8859_1)).isEqualTo(PNG + List.of("", "2", "3").get(i));
    }
  }

  @Test
  void aNegativePromptThatGuidanceMakesShowIsAPrompt() {
    for (String name : List.of("guidance_scale", "extra_params[cfg_scale]", "cfg")) {
      Reading reading =
          read(PROMPT, field("negative_prompt", "a cat"), field(name, "0.5"), file("image", PNG));
      assertThat(reading).as(name).isInstanceOf(Reading.Parts.class);
      Reading.Parts parts = (Reading.Parts) reading;
      assertThat(Samples.texts(parts)).as(name).contains("positive form:negative_prompt=a cat");
    }
  }

  @Test
  void aVariationHasNoText() {
    Reading.Parts parts = (Reading.Parts) read(file("image", PNG));
    assertThat(parts.texts()).isEmpty();
    assertThat(parts.images()).hasSize(1);
  }

  @Test
  void readsTextsAsUtf8() {
    String text = new String("a dog 😀\r\nby the sea".getBytes(UTF_8), ISO_8859_1);
    assertThat(Samples.texts(read(field("prompt", text))))
        .containsExactly("positive form:prompt=a dog 😀\r\nby the sea");
    assertThat(Samples.outcome(read(field("prompt", "caf\u00e9"))))
        .isEqualTo("not_utf8 form:prompt");
    assertThat(Samples.outcome(read(PROMPT, field("x", "\u0000b\u0000i"))))
        .as("UTF-16 is text with zeros, and judged as it stands")
        .isEqualTo("parts");
  }

  @Test
  void sweepsWhatNobodyClaims() {
    Reading.Parts parts =
        (Reading.Parts) read(field("style", "on a beach"), field("k", "no"), PROMPT);
    assertThat(Samples.texts(parts))
        .containsExactly("positive form:prompt=a dog", "unknown form:style=on a beach");
    assertThat(parts.swept()).isEqualTo(1);
  }

  @Test
  void sweepsPromptsOfOtherSpelling() {
    assertThat(Samples.texts(read(field("Prompt", "a dog"), field("prompt[]", "a cat"))))
        .containsExactly("unknown form:Prompt=a dog", "unknown form:prompt[]=a cat");
  }

  @Test
  void sweepsNamesOfFilesThatSayMoreThanAName() {
    String part =
        "Content-Disposition: form-data; name=\"image\"; filename=\"a bicycle.png\"\r\n\r\n" + PNG;
    assertThat(Samples.texts(read(PROMPT, part)))
        .containsExactly("positive form:prompt=a dog", "unknown file:image;filename=a bicycle.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // one of a name; of a list, as many as there are
        "prompt=a dog~prompt=a cat|duplicate_key form:prompt",
        "style=oil~style=ink|duplicate_key form:style",
        "style[]=oil~style[]=ink|parts",
        "stream=false~stream=true|duplicate_key form:stream",
        "@image=PNG~@image=PNG|parts",
        "@image[]=PNG~@image[]=PNG|parts",
        "@mask=PNG~@mask=PNG|duplicate_key file:mask",
        "@mask=PNG~mask=x|duplicate_key form:mask",
        // files that nobody claims, whatever they are
        "@prompt=a bicycle|unclaimed_image file:prompt",
        "@other=PNG|unclaimed_image file:other",
        "@images=PNG|unclaimed_image file:images",
        // images in fields, as text or by address
        "image=x|not_judged form:image",
        "mask=x|not_judged form:mask",
        "url=x|not_judged form:url",
        "url[]=https://a.example/b|not_judged form:url[]",
        "url=|not_judged form:url",
        "webhook=x|not_judged form:webhook",
        "diffusers_kwargs={}|not_judged form:diffusers_kwargs",
        "other=https://a.example/b|unclaimed_image form:other",
        "other=data:image/png;base64,QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=|unclaimed_image"
            + " form:other",
        "prompt=see data:image/png;base64,QUJD|unclaimed_image form:prompt",
        "user=https://a.example/b|unclaimed_image form:user",
        // values
        "prompt=x~stream=true|parts",
        "stream=False|not_judged form:stream",
        "stream=|not_judged form:stream",
        "prompt=x~response_format=file|parts",
        "response_format=url|not_judged form:response_format",
        // text that a server reads more out of
        "prompt=a <sd_cpp_extra_args>{}|not_judged form:prompt",
        "other=a <sd_cpp_extra_args>{}|not_judged form:other",
        // nothing to judge
        "n=1|missing_field",
        "prompt=|parts",
      })
  void judgesEachFieldByItsClaim(String fields, String expected) {
    assertThat(Samples.outcome(read(parts(fields)))).isEqualTo(expected);
  }

  @Test
  void refusesALongText() {
    assertThat(Samples.outcome(read(field("prompt", "a".repeat(32_001)))))
        .isEqualTo("text_too_long form:prompt");
    assertThat(Samples.outcome(read(PROMPT, field("other", "a b".repeat(1 << 20)))))
        .isEqualTo("text_too_long form:other");
  }

  @Test
  void refusesTooManyImages() {
    String[] files = new String[65];
    java.util.Arrays.fill(files, file("image[]", PNG));
    assertThat(Samples.outcome(read(files))).isEqualTo("too_many_images file:image[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"pixel\",\"path\":\"a/b\"}|parts []",
        " [{\"name\":\"a bicycle\"}]|parts [unknown form:lora/0/name=a bicycle]",
        "{\"name\":\"a bicycle\"}|parts [unknown form:lora/name=a bicycle]",
        "{\"prompt\":\"a z\\u0065ppelin\"}|parts [unknown form:lora/prompt=a zeppelin]",
        "{\"a\":\"<sd_cpp_extra_args>\"}|not_judged form:lora",
        "{\"a\":\"https://a.example/b\"}|unclaimed_image form:lora",
        "{\"a\":1,\"a\":2}|duplicate_key form:lora",
        "{\"a\":NaN}|malformed_json form:lora",
        "{} {}|malformed_json form:lora",
        "pixel|wrong_type form:lora",
        "\"{}\"|wrong_type form:lora",
        "7|wrong_type form:lora",
        "''|wrong_type form:lora",
      })
  void readsJsonInAFieldAsIfItStoodThere(String json, String expected) {
    Reading reading = read(file("image", PNG), field("lora", json));
    String texts = reading instanceof Reading.Parts ? " " + Samples.texts(reading) : "";
    assertThat(Samples.outcome(reading) + texts).isEqualTo(expected);
  }

  @Test
  void readsNamesWithBrackets() {
    assertThat(Samples.texts(read(PROMPT, field("lora[name]", "pixel"), field("lora[x]", "pixel"))))
        .containsExactly("positive form:prompt=a dog", "unknown form:lora[x]=pixel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/mixed; boundary=x",
        "multipart/form-datax; boundary=x",
        "text/plain",
        "",
      })
  void refusesOtherTypes(String type) {
    byte[] body = form(PROMPT).getBytes(ISO_8859_1);
    assertThat(Samples.outcome(read(type, body))).isEqualTo("content_type content-type");
    assertThat(Samples.outcome(read(null, body))).isEqualTo("content_type content-type");
    byte[] encoded = "prompt=a+bicycle".getBytes(ISO_8859_1);
    assertThat(Samples.outcome(read(type, encoded))).isEqualTo("content_type content-type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "multipart/form-data; boundary=B|parts",
        "multipart/form-data;boundary=B|parts",
        "Multipart/Form-Data; boundary=B|parts",
        "multipart/form-data; boundary=\"B\"|parts",
        "multipart/form-data|malformed_form content-type",
        "multipart/form-data; boundary=|malformed_form content-type",
        "multipart/form-data; boundary=\"\"|malformed_form content-type",
        "multipart/form-data; boundary=B;|malformed_form content-type",
        "multipart/form-data; boundary='B'|malformed_form",
        "multipart/form-data; Boundary=B|malformed_form content-type",
        "multipart/form-data; boundary=B; boundary=C|malformed_form content-type",
        "multipart/form-data; boundary=B; charset=utf-16|malformed_form content-type",
        "multipart/form-data; charset=utf-8; boundary=B|malformed_form content-type",
        "multipart/form-data; boundary*=utf-8''B|malformed_form content-type",
        "multipart/form-data; boundary =B|malformed_form content-type",
        "multipart/form-data; boundary=B, multipart/form-data; boundary=C|malformed_form"
            + " content-type",
        "multipart/form-data; boundary=\"B\\\"\"|malformed_form content-type",
        "multipart/form-data; boundary=\"B \"|malformed_form content-type",
        "multipart/form-data; boundary=a/b|malformed_form content-type",
      })
  void takesOneSpellingOfTheType(String type, String expected) {
    byte[] body = form(PROMPT).replace(Forms.BOUNDARY, "B").getBytes(ISO_8859_1);
    assertThat(Samples.outcome(read(type, body))).isEqualTo(expected);
  }

  @Test
  void takesBoundariesOfEveryLengthAndCharacter() {
    for (String boundary :
        List.of("b", "-", "0123456789".repeat(7), "-'()+_,./:=?-Z", "--", "..--..")) {
      String form = form(PROMPT).replace(Forms.BOUNDARY, boundary);
      String type = "multipart/form-data; boundary=\"" + boundary + "\"";
      assertThat(Samples.outcome(read(type, form.getBytes(ISO_8859_1))))
          .as(boundary)
          .isEqualTo("parts");
    }
    String long71 = "multipart/form-data; boundary=" + "b".repeat(71);
    assertThat(Samples.outcome(read(long71, new byte[1]))).isEqualTo("malformed_form content-type");
  }

  @Test
  void takesImagesOutOfFieldsWhereAFileSaysSo() throws BadBase64Exception {
    byte[] png = Base64.getDecoder().decode(Samples.PNG);
    for (String name : List.of("mask", "init[]", "b64")) {
      byte[] body = form(PROMPT, field(name, Samples.PNG)).getBytes(ISO_8859_1);
      Reading.Parts parts = (Reading.Parts) toy(body);
      assertThat(parts.images().getFirst().bytes(body).array()).as(name).isEqualTo(png);
    }
    String uri = "data:image/png;base64," + Samples.PNG;
    assertThat(outcomes("mask", uri, "https://a.example/b", "QUJDQU\\/", "QUI", "", "data:x,y\\"))
        .containsExactly(
            "image",
            "not_judged form:mask",
            "bad_base64",
            "bad_base64",
            "none",
            "bad_base64 form:mask");
    assertThat(outcomes("b64", uri)).containsExactly("bad_base64");
  }

  @Test
  void takesImagesOutOfJsonInAField() throws BadBase64Exception {
    String json =
        "{\"kind\":\"a\",\"more\":\"{\\\"x\\\":\\\"on a beach\\\"}\",\"a\":{\"image\":\""
            + Samples.PNG.replace("/", "\\/")
            + "\"}}";
    Reading.Parts parts = (Reading.Parts) toy(bytes(form(PROMPT, field("extra", json))));
    assertThat(Samples.texts(parts))
        .containsExactly("positive form:prompt=a dog", "unknown form:extra/more/x=on a beach");
    ImagePart image = parts.images().getFirst();
    assertThat(image.where()).isEqualTo("form:extra/a/image");
    assertThat(image.bytes(new byte[0]).array()).isEqualTo(Base64.getDecoder().decode(Samples.PNG));
    String bad = "{\"a\":{\"image\":\"QUI\"}}";
    assertThat(Samples.outcome(toy(bytes(form(PROMPT, field("extra", bad))))))
        .isEqualTo("bad_base64 form:extra");
  }

  @Test
  void insistsOnRequiredFields() {
    assertThat(Samples.outcome(toy(bytes(form(file("one", PNG))))))
        .isEqualTo("missing_field form:prompt");
  }

  @Test
  void tellsWhatIsWrongWithSelectors() {
    String broken =
        TOY.replace("{sel: \"file:one\"}", "{sel: /one, as: auto}")
            .replace("form:prompt", "file:prompt")
            .replace("form:b64", "form:a b")
            .replace("form:extra/kind", "file:extra/kind");
    Problems problems = new Problems();
    assertThat(Dialect.parse("toy.yaml", broken.getBytes(UTF_8), problems)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "toy.yaml:7: routes[0].text[0].sel: a file is an image, or opaque: 'file:prompt'",
            "toy.yaml:10: routes[0].images[1].sel: not the name of a field: 'a b' in selector"
                + " 'form:a b'",
            "toy.yaml:12: routes[0].images[3]: parts of a form are selected by form:NAME or"
                + " file:NAME",
            "toy.yaml:14: routes[0].plain[0].sel: nothing is selected inside a file:"
                + " 'file:extra/kind'");
    problems = new Problems();
    String json = TOY.replace("multipart/form-data", "application/json");
    assertThat(Dialect.parse("toy.yaml", json.getBytes(UTF_8), problems)).isEmpty();
    assertThat(problems.list().getFirst().toString())
        .isEqualTo(
            "toy.yaml:9: routes[0].images[0]: form: and file: select parts of"
                + " multipart/form-data only");
  }

  /** Of one field each: {@code image} when its image decodes, {@code none} when it has none. */
  private static List<String> outcomes(String name, String... values) {
    return List.of(values).stream()
        .map(
            value -> {
              byte[] body = bytes(form(PROMPT, field(name, value)));
              Reading reading = toy(body);
              if (!(reading instanceof Reading.Parts parts)) {
                return Samples.outcome(reading);
              }
              try {
                boolean none = parts.images().isEmpty();
                return none || !parts.images().getFirst().bytes(body).hasRemaining()
                    ? "none"
                    : "image";
              } catch (BadBase64Exception e) {
                return "bad_base64";
              }
            })
        .toList();
  }

  private static Reading toy(byte[] body) {
    Problems problems = new Problems();
    Dialect dialect = Dialect.parse("toy.yaml", TOY.getBytes(UTF_8), problems).orElse(null);
    assertThat(problems.list()).isEmpty();
    Route route = Samples.route(dialect, "POST", "/make");
    return dialect.readRequest(route, Forms.TYPE, body, ReadLimits.defaults());
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(ISO_8859_1);
  }

  /** {@code name=value}, {@code @name=file}, between {@code ~}. */
  private static String[] parts(String fields) {
    return List.of(fields.split("~")).stream()
        .map(
            it -> {
              String name = it.substring(0, it.indexOf('='));
              String value = it.substring(it.indexOf('=') + 1).replace("PNG", PNG);
              return name.startsWith("@") ? file(name.substring(1), value) : field(name, value);
            })
        .toArray(String[]::new);
  }
}
