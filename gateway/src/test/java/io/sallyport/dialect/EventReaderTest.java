package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events under the rules of openai-images. */
class EventReaderTest {
  private static final EventRules RULES =
      Samples.GENERATE.events(200, "text/event-stream; charset=utf-8").orElseThrow();

  /** In the tables, {@code '} is a quote, {@code @} an image in base64 and {@code ~} a line end. */
  private static String spell(String text) {
    return text.replace('\'', '"').replace("@", Samples.PNG).replace('~', '\n');
  }

  private static EventFrame frame(String text) {
    EventSplitter splitter = new EventSplitter(1 << 20);
    splitter.feed(text.getBytes(UTF_8));
    return ((EventSplitter.Split.Found) splitter.next()).frame();
  }

  private static EventReader reader() {
    return RULES.reader(ReadLimits.defaults(), false);
  }

  private static String outcome(EventReading reading) throws BadBase64Exception {
    return switch (reading) {
      case EventReading.Comment comment -> "comment";
      case EventReading.Plain plain -> "plain";
      case EventReading.Dropped dropped -> "dropped";
      case EventReading.Malformed malformed -> "malformed";
      case EventReading.Unreadable(Defect defect, String where) ->
          (defect.wire() + " " + where).strip();
      case EventReading.Images(var data, var images, var links, var preview) -> {
        for (ImagePart image : images) {
          assertThat(image.bytes(data).array()).startsWith(0x89, 'P', 'N', 'G');
        }
        String away = links.isEmpty() ? "" : ", " + links.size() + " links";
        yield (preview ? "preview " : "images ") + images.size() + away;
      }
    };
  }

  private static String read(String spelled) throws BadBase64Exception {
    return outcome(reader().read(frame(spell(spelled) + "\n\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "event: image_generation.partial_image~data: {'b64_json':'@'}|preview 1",
        "event: image_edit.partial_image~data: {'b64_json':'@'}|preview 1",
        "event: image_generation.completed~data: {'b64_json':'@'}|images 1",
        "event:image_edit.completed~data:{'b64_json':'@'}|images 1",
        "data: {'b64_json':'@'}~event: image_generation.completed~id: 7~retry: 100|images 1",
        "event: image_generation.completed~data: {~data: 'b64_json':~data: '@'}|images 1",
        "event: image_generation.completed~data: {'b64_json':null}|plain",
        "data: {'type':'image_generation.partial_image','b64_json':'@'}|preview 1",
        "data: {'b64_json':'@','type':'image_generation.completed'}|images 1",
        "data: {'object':'image.edit.chunk','type':'ar_delta','delta':'a bicycle'}|plain",
        "data: {'object':'image.edit.chunk','data':[{'b64_json':'@'},{'b64_json':'@'}]}|images 2",
        "data: [DONE]|plain",
        "data:[DONE]|plain",
        "event: error~data: {'type':'error','error':{'message':'out of memory'}}|plain",
        "event: error~data: out of memory|plain",
        "event: error~data: {'error':{'message':'see https:\\/\\/a.example\\/docs'}}|plain",
        ": ping|comment",
        ":|comment",
        "event: image_generation.completed|comment",
        "id: 7|comment",
      })
  void claimsTheEventsOfTheApi(String event, String expected) throws Exception {
    assertThat(read(event)).isEqualTo(expected);
  }

  /** Whatever an event calls itself, no image is where nobody looks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "event: error~data: {'type':'image_generation.completed','b64_json':'@'}|images 1",
        "event: error~data: {'type':'error','b64_json':'@'}|unclaimed_image /b64_json",
        "event: error~data: {'error':{'message':'data:image\\/png;base64,@'}}|unclaimed_image"
            + " /error/message",
        "event: error~data: @|unclaimed_image",
        "event: error~data: see <img src=x>|unclaimed_image",
        "event: error~data: see\u2028data: [DONE]|malformed_json",
        "event: error~data: {'x|malformed_json",
        "event: error~data: \uFEFF{'b64_json':'@'}|malformed_json",
        "event: image_generation.completed~data:"
            + " {'object':'image.edit.chunk','data':[{'b64_json':'@'}]}|unclaimed_image"
            + " /data/0/b64_json",
        "event: image_generation.completed~data: {'b64_json':'@','other':'@'}|unclaimed_image"
            + " /other",
        "event: image_generation.completed~data: {'url':'https:\\/\\/a.example\\/b'}|images 0, 1"
            + " links",
        "event: image_generation.completed~data:"
            + " {'link':'https:\\/\\/a.example\\/b'}|unclaimed_image /link",
        "event: image_generation.completed~data: {'b64_json':5}|wrong_type /b64_json",
        "event: image_generation.completed~data: [DONE]|malformed_json",
        "event: image_generation.later~data: {'b64_json':'@'}|not_judged event",
        "event: message~data: {'b64_json':'@'}|not_judged event",
        "data: {'b64_json':'@'}|not_judged event",
        "data: {'object':'image.edit.chunk','object':'other','b64_json':'@'}|not_judged event",
        "data: ['object','image.edit.chunk']|not_judged event",
        "data: [DONE]~data: |not_judged event",
        "\"data: [DONE] \"|not_judged event",
        "data: {'object':'image.edit.chunk','delta':'@'}|unclaimed_image /delta",
      })
  void isNotFooledByNames(String event, String expected) throws Exception {
    assertThat(read(event)).isEqualTo(expected);
  }

  /** Lines that readers take differently, or that none should have. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Data: {'b64_json':'@'}",
        " data: {'b64_json':'@'}",
        "datum: x",
        "event: error~event: image_generation.completed~data: {'b64_json':'@'}",
        "id: 1~id: 2~data: [DONE]",
        "retry: soon~data: [DONE]",
        "retry: 1~retry: 2~data: [DONE]",
        "event: a\u2028b~data: [DONE]",
        "id: a\u0000b~data: [DONE]",
        "data: {'object':'image.edit.chunk','delta':'a\u0000b'}",
        "data: [DONE]\u000bx",
        ": @@@@@@@@",
        ": ping\u2028data: [DONE]",
        ": data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "id: @",
        "event: @~data: [DONE]",
      })
  void refusesMalformedLines(String event) throws Exception {
    assertThat(read(event)).isEqualTo("malformed");
  }

  @Test
  void refusesIllFormedUtf8() throws Exception {
    for (byte[] bad :
        new byte[][] {{(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {-1}}) {
      byte[] head = "event: error\ndata: a".getBytes(UTF_8);
      byte[] all = java.util.Arrays.copyOf(head, head.length + bad.length + 2);
      System.arraycopy(bad, 0, all, head.length, bad.length);
      all[all.length - 1] = '\n';
      all[all.length - 2] = '\n';
      EventSplitter splitter = new EventSplitter(100);
      splitter.feed(all);
      EventFrame frame = ((EventSplitter.Split.Found) splitter.next()).frame();
      assertThat(outcome(reader().read(frame))).isEqualTo("malformed");
    }
  }

  @Test
  void takesAByteOrderMarkAtTheStartOfTheStreamOnly() throws Exception {
    EventSplitter splitter = new EventSplitter(1000);
    splitter.feed("\uFEFFdata: [DONE]\n\n\uFEFFdata: [DONE]\n\n".getBytes(UTF_8));
    EventReader reader = reader();
    List<String> told = new ArrayList<>();
    while (splitter.next() instanceof EventSplitter.Split.Found(EventFrame frame)) {
      told.add(outcome(reader.read(frame)));
    }
    assertThat(told).containsExactly("plain", "malformed");
  }

  @Test
  void dropsPreviewsWithoutLookingWhenTold() throws Exception {
    EventReader reader = RULES.reader(ReadLimits.defaults(), true);
    String preview = "event: image_generation.partial_image\ndata: {\"b64_json\":\"@\"}\n\n";
    assertThat(outcome(reader.read(frame(spell(preview))))).isEqualTo("dropped");
    assertThat(outcome(reader.read(frame(preview)))).isEqualTo("dropped");
  }

  /** Readers put the texts of a stream together. */
  @Test
  void anImageSpreadOverManyTextsIsFound() throws Exception {
    EventReader reader = reader();
    String image = Samples.base64(3000).replace("=", "A");
    List<String> told = new ArrayList<>();
    for (int from = 0; from + 50 < 1000; from += 50) {
      String piece = "{'object':'image.edit.chunk','delta':'" + image.substring(from, from + 50);
      told.add(outcome(reader.read(frame(spell("data: " + piece + "'}~~")))));
    }
    assertThat(told).startsWith("plain", "plain").contains("unclaimed_image");
    EventReader words = reader();
    for (int i = 0; i < 300; i++) {
      String text = spell("data: {'object':'image.edit.chunk','delta':' bicycle'}~~");
      assertThat(outcome(words.read(frame(text)))).isEqualTo("plain");
    }
  }

  @Test
  void streamsOnlyWhereTheDialectSaysSo() {
    assertThat(Samples.GENERATE.events(200, "text/event-stream")).isPresent();
    assertThat(Samples.GENERATE.events(200, "application/json")).isEmpty();
    assertThat(Samples.GENERATE.events(200, "text/event-stream; charset=utf-16")).isEmpty();
    assertThat(Samples.GENERATE.events(400, "text/event-stream")).isEmpty();
    assertThat(Samples.GENERATE.events(200, null)).isEmpty();
    assertThat(Samples.MODELS.events(200, "text/event-stream")).isEmpty();
  }
}
