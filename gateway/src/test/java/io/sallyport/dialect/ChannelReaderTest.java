package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ComfyUI's messages, one by one. */
class ChannelReaderTest {
  private static final ChannelRules RULES = Dialect.bundled("comfyui").channel().orElseThrow();

  private final ChannelReader reader = RULES.reader(ReadLimits.defaults(), false);

  private ChannelReading text(String json) {
    return reader.text(json.replace('\'', '"').getBytes(UTF_8));
  }

  private static byte[] message(int event, Object... pieces) {
    ByteBuffer out = ByteBuffer.allocate(4096).putInt(event);
    for (Object piece : pieces) {
      switch (piece) {
        case Integer number -> out.putInt(number);
        case String bytes -> out.put(bytes.getBytes(ISO_8859_1));
        default -> throw new IllegalArgumentException(piece.toString());
      }
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static String outcome(ChannelReading reading) {
    return switch (reading) {
      case ChannelReading.Dropped dropped -> "dropped";
      case ChannelReading.Plain plain -> "plain";
      case ChannelReading.Images images -> images.preview() ? "preview" : "image";
      case ChannelReading.Unreadable(var about, var defect, var where) -> defect.wire();
    };
  }

  private static Optional<String> job(ChannelReading reading) {
    return switch (reading) {
      case ChannelReading.Dropped dropped -> Optional.empty();
      case ChannelReading.Plain(var about) -> about.job();
      case ChannelReading.Images(var about, var images, var preview) -> about.job();
      case ChannelReading.Unreadable(var about, var defect, var where) -> about.job();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'status','data':{}}|plain",
        "{'type':'executed','data':{'output':{'images':[{'filename':'a.png','type':'output'}]}}}|plain",
        "{'type':'executed','data':{'output':{'text':['a house']}}}|plain",
        "{'type':'logs','data':{}}|dropped",
        "{'type':7}|dropped",
        "{'type':'status','type':'status'}|plain",
        "{'type':'status','type':'logs'}|dropped",
        "['status']|dropped",
        "'status'|dropped",
        "{'type':'status'|dropped",
        "{'type':'status'} x|dropped",
        "{'type':'executing','data':{'prompt_id':'a','prompt_id':'b'}}|wrong_type",
        "{'type':'executing','data':{'prompt_id':7}}|wrong_type",
        "{'type':'executing','data':{'prompt_id':['a']}}|wrong_type",
        "{'type':'executing','data':{'prompt_id':'a','prompt_id':null}}|wrong_type",
        "{'type':'executed','data':{'image':'https://a.example/b.png'}}|unclaimed_image",
      })
  void readsTexts(String json, String expected) {
    assertThat(outcome(text(json))).isEqualTo(expected);
  }

  @Test
  void tellsWhatTextsAreAbout() {
    assertThat(job(text("{'data':{'prompt_id':'a'},'type':'progress'}"))).contains("a");
    assertThat(job(text("{'type':'progress','data':{'x':{'prompt_id':'a'}}}"))).isEmpty();
    assertThat(job(text("{'type':'progress','prompt_id':'a','data':{}}"))).isEmpty();
    assertThat(job(text("{'type':'progress','data':{'prompt_id':null}}"))).isEmpty();
    assertThat(job(text("{'type':'progress','data':{'prompt\\u005fid':'a'}}"))).contains("a");
    assertThat(job(text("{'type':'progress','data':[{'prompt_id':'a'}]}"))).isEmpty();
    assertThat(
            job(
                text(
                    "{'type':'progress','x':[1,{'data':{'prompt_id':'b'}}],'data':{'y':{},'prompt_id':'a'}}")))
        .contains("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'executing','data':{'node':null}}|true",
        "{'type':'executing','data':{'node':'7'}}|false",
        "{'type':'executing','data':{}}|false",
        "{'type':'execution_success','data':{}}|true",
        "{'type':'progress','data':{'node':null}}|false",
      })
  void tellsWhenAJobIsOver(String json, boolean over) {
    assertThat(text(json))
        .isInstanceOfSatisfying(
            ChannelReading.Plain.class, it -> assertThat(it.about().ends()).isEqualTo(over));
  }

  @Test
  void onlyWhatHasNoContentIsShared() {
    assertThat(text("{'type':'status'}"))
        .isEqualTo(
            new ChannelReading.Plain(new ChannelReading.About(Optional.empty(), true, false)));
    assertThat(text("{'type':'progress'}"))
        .isEqualTo(
            new ChannelReading.Plain(new ChannelReading.About(Optional.empty(), false, false)));
  }

  @Test
  void textsAreUtf8() {
    byte[] bad = "{\"type\":\"status\",\"x\":\"\u00e9\"}".getBytes(ISO_8859_1);
    assertThat(outcome(reader.text(bad))).isEqualTo("not_utf8");
    assertThat(reader.goesUp(bad)).isFalse();
  }

  @Test
  void readsImages() {
    byte[] last = message(1, 2, "\u0089PNG");
    ChannelReading.Images images = (ChannelReading.Images) reader.binary(last);
    assertThat(images.preview()).isFalse();
    assertThat(images.images()).isEqualTo(List.of(new ImagePart.Raw(8, last.length, "image")));
    assertThat(outcome(reader.binary(message(1, 1, "x")))).isEqualTo("preview");
    assertThat(outcome(reader.binary(message(1, 77, "x")))).isEqualTo("preview");
    byte[] described = message(4, 17, "{\"prompt_id\":\"a\"}", "x");
    assertThat(outcome(reader.binary(described))).isEqualTo("preview");
    assertThat(job(reader.binary(described))).contains("a");
    assertThat(outcome(RULES.reader(ReadLimits.defaults(), true).binary(described)))
        .isEqualTo("dropped");
  }

  @Test
  void refusesImagesThatAreNotWhole() {
    assertThat(outcome(reader.binary(message(1)))).isEqualTo("missing_field");
    assertThat(outcome(reader.binary(message(1, "ab")))).isEqualTo("missing_field");
    assertThat(outcome(reader.binary(message(1, 2)))).isEqualTo("missing_field");
    assertThat(outcome(reader.binary(message(4, 3, "{}")))).isEqualTo("missing_field");
    assertThat(outcome(reader.binary(message(4, -1, "{}x")))).isEqualTo("missing_field");
    assertThat(outcome(reader.binary(message(4, 2, "{}")))).isEqualTo("missing_field");
    assertThat(outcome(reader.binary(message(4, 2, "{]x")))).isEqualTo("malformed_json");
    assertThat(outcome(reader.binary(message(4, 0, "x")))).isEqualTo("malformed_json");
    String base64 = "{\"a\":\"" + "A".repeat(300) + "\"}";
    assertThat(outcome(reader.binary(message(4, base64.length(), base64, "x"))))
        .isEqualTo("unclaimed_image");
    assertThat(outcome(reader.binary(message(4, 15, "{\"prompt_id\":7}", "x"))))
        .isEqualTo("wrong_type");
  }

  @Test
  void readsWords() {
    assertThat(outcome(reader.binary(message(3, 1, "7", "a house")))).isEqualTo("plain");
    assertThat(outcome(reader.binary(message(3, 1, "7")))).isEqualTo("plain");
    assertThat(outcome(reader.binary(message(3, 0, "a\u0000b")))).isEqualTo("not_utf8");
    assertThat(outcome(reader.binary(message(3, 0, "\u00ff")))).isEqualTo("not_utf8");
    assertThat(outcome(reader.binary(message(3, 0, "A".repeat(300))))).isEqualTo("unclaimed_image");
    // what a client would need a flag of its server's for: a job's id before all else
    assertThat(outcome(reader.binary(message(3, 1, "a", 1, "7", "x")))).isEqualTo("not_utf8");
  }

  @Test
  void wordsAreShort() {
    byte[] words = Arrays.copyOf(message(3, 0, "a"), 2 << 20);
    Arrays.fill(words, 8, words.length, (byte) ' ');
    assertThat(outcome(reader.binary(words))).isEqualTo("text_too_long");
    byte[] meta = Arrays.copyOf(message(4, 3 << 19, "{}"), 2 << 20);
    assertThat(outcome(reader.binary(meta))).isEqualTo("text_too_long");
  }

  /** A model can be talked into spelling base64 piece by piece. */
  @Test
  void wordsTogetherMayBeNoImage() {
    String piece = "A".repeat(200);
    assertThat(outcome(reader.binary(message(3, 0, piece)))).isEqualTo("plain");
    assertThat(outcome(text("{'type':'executed','data':{'output':{'text':['" + piece + "']}}}")))
        .isEqualTo("unclaimed_image");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5, -1})
  void dropsUnknownEvents(int event) {
    assertThat(outcome(reader.binary(message(event, 2, "x")))).isEqualTo("dropped");
  }

  @Test
  void dropsWhatIsTooShortToBeAnEvent() {
    assertThat(outcome(reader.binary(new byte[0]))).isEqualTo("dropped");
    assertThat(outcome(reader.binary(new byte[] {0, 0, 1}))).isEqualTo("dropped");
  }
}
