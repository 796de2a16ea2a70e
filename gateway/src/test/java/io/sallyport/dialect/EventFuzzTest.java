package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Streams of events, on any bytes in any pieces. */
class EventFuzzTest {

  /** The pieces in which a stream arrives change nothing, and no byte is lost. */
  @FuzzTest
  void anyPiecesGiveTheSameEvents(byte[] stream) {
    String whole = EventPieces.in(stream, 0);
    for (int size = 1; size <= 8; size++) {
      assertThat(EventPieces.ofSize(stream, size)).as("pieces of %d", size).isEqualTo(whole);
    }
    SplittableRandom random = new SplittableRandom(Arrays.hashCode(stream));
    int cut = random.nextInt(stream.length + 1);
    assertThat(EventPieces.in(stream, cut)).as("cut at %d", cut).isEqualTo(whole);
  }

  @FuzzTest
  void readsAnyEvent(byte[] stream) {
    EventReader reader =
        Samples.GENERATE
            .events(200, "text/event-stream")
            .orElseThrow()
            .reader(ReadLimits.defaults(), false);
    EventSplitter splitter = new EventSplitter(1 << 20);
    splitter.feed(stream.clone());
    int read = 0;
    while (splitter.next() instanceof EventSplitter.Split.Found(EventFrame frame)) {
      read += frame.length();
      if (reader.read(frame)
          instanceof EventReading.Images(var data, var images, var links, var preview)) {
        for (ImagePart part : images) {
          ImagePart.Base64 image = (ImagePart.Base64) part;
          assertThat(image.start()).isBetween(0, image.end());
          assertThat(image.end()).isBetween(image.start(), data.length);
        }
      }
    }
    assertThat(read).isLessThanOrEqualTo(stream.length);
  }

  @Test
  void staysCalmOnMutatedSeeds() {
    byte[] good =
        (": ping\r\n\r\nevent: image_generation.completed\r\nid: 1\r\ndata: {\"b64_json\":\""
                + Samples.PNG
                + "\"}\r\n\r\nevent: error\r\ndata: {\r\ndata: \"error\":{}}\r\n\r\n"
                + "data:[DONE]\n\n")
            .getBytes(UTF_8);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1_000; i++) {
      byte[] stream = good.clone();
      for (int k = random.nextInt(6); k >= 0; k--) {
        int at = random.nextInt(stream.length);
        stream[at] = (byte) "\r\n:{\"\u0000 d\u00ff".charAt(random.nextInt(9));
      }
      byte[] cut = Arrays.copyOf(stream, 1 + random.nextInt(stream.length));
      anyPiecesGiveTheSameEvents(cut);
      readsAnyEvent(cut);
    }
  }
}
