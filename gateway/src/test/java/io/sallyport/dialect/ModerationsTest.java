package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModerationsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'input':'a dog'}|[positive /input=a dog]",
        "{'input':'a dog','model':'omni-moderation-latest'}|[positive /input=a dog]",
        "{'input':['a dog','a beach']}|[positive /input/0=a dog, positive /input/1=a beach]",
        "{'input':[{'type':'text','text':'a dog'}]}|[positive /input/0/text=a dog]",
        "{'input':[{'type':'text','text':''}]}|[positive /input/0/text=]",
      })
  void readsEveryFormOfText(String json, String expected) {
    assertThat(Samples.texts(read(json.replace('\'', '"')))).hasToString(expected);
  }

  @Test
  void readsDataUriImages() throws BadBase64Exception {
    for (String head :
        new String[] {
          "data:image/png;base64,",
          "DATA:;base64,",
          "data:image\\/png;charset=x;BASE64,",
          "data:image/jpeg;base64,",
          "data:application/octet-stream;base64,"
        }) {
      String json =
          "{\"input\":[{\"type\":\"text\",\"text\":\"a dog\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s%s\",\"detail\":\"low\"}}]}"
              .formatted(head, Samples.PNG);
      Reading.Parts parts = (Reading.Parts) read(json);
      assertThat(parts.swept()).isZero();
      assertThat(parts.images())
          .extracting(ImagePart::where)
          .containsExactly("/input/1/image_url/url");
      assertThat(parts.images().getFirst().bytes(json.getBytes(UTF_8)).array())
          .isEqualTo(Base64.getDecoder().decode(Samples.PNG));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|missing_field",
        "{'input':null}|missing_field",
        "{'input':[]}|missing_field",
        "{'input':[{}]}|missing_field",
        "{'input':7}|wrong_type /input",
        "{'input':[7]}|wrong_type /input/0",
        "{'input':[['a']]}|missing_field",
        "{'input':[{'type':'audio','text':'a'}]}|not_judged /input/0/type",
        "{'input':[{'type':'image_url','image_url':{'url':'https://a.example/b.png'}}]}|not_judged"
            + " /input/0/image_url/url",
        "{'input':[{'type':'image_url','image_url':{'url':'file-1'}}]}|not_judged"
            + " /input/0/image_url/url",
        "{'input':[{'type':'image_url','image_url':{'url':'data:image/png,abc'}}]}|bad_base64"
            + " /input/0/image_url/url",
        "{'input':[{'type':'image_url','image_url':{'url':'"
            + " data:image/png;base64,AAAA'}}]}|bad_base64 /input/0/image_url/url",
        "{'input':[{'type':'image_url','image_url':{'url':'data:image/png;base64'}}]}|bad_base64"
            + " /input/0/image_url/url",
        "{'input':[{'type':'image_url','image_url':{'url':5}}]}|wrong_type /input/0/image_url/url",
        "{'input':[{'type':'image_url','image_url':'https://a.example/b.png'}]}|unclaimed_image"
            + " /input/0/image_url",
        "{'input':'a','input':'b'}|duplicate_key /input",
      })
  void refusesTheRest(String json, String expected) {
    Reading reading = read(json.replace('\'', '"'));
    assertThat(Samples.outcome(reading)).isEqualTo(expected);
  }

  /** Whoever goes by the type would see something else than the picture that was judged. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "TEXT/HTML",
        "text/plain",
        "text/html;charset=utf-8",
        "application/pdf",
        "application/xhtml+xml",
        "image/svg+xml",
        "image\\/svg+xml",
        "image/tiff",
        "image/x-pict",
        "image/",
        "image",
        "video/mp4",
        "None"
      })
  void aDeclaredTypeThatIsNoPictureHereIsRefused(String type) {
    String url = "data:" + type + ";base64," + Samples.PNG;
    String json = "{\"input\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}]}";
    assertThat(Samples.outcome(read(json))).isEqualTo("declared_type /input/0/image_url/url");
  }

  @Test
  void capsTheImagesOfARequest() {
    String image =
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}";
    String json = "{\"input\":[" + image + ("," + image).repeat(64) + "]}";
    assertThat(Samples.outcome(read(json))).isEqualTo("too_many_images /input/64/image_url/url");
  }

  @Test
  void hasNoRefusals() {
    assertThatThrownBy(() -> Samples.MODERATIONS.refuse(Gate.INPUT, "no", "r-1", Told.nothing()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Samples.MODERATIONS.error(ClientError.MALFORMED, "no", "r-1").status())
        .isEqualTo(400);
  }

  private static Reading read(String json) {
    return Samples.MODERATIONS.readRequest(
        Samples.MODERATE, "application/json", json.getBytes(UTF_8), ReadLimits.defaults());
  }
}
