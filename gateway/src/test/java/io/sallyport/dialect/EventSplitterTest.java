package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSplitterTest {

  /** In the table, {@code N} is LF and {@code R} is CR; blocks are apart by blanks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aNN|aNN",
        "aRNRN|aRNRN",
        "aRR|aRR",
        "aNbNNcNN|aNbNN cNN",
        "aRNbRNRNcRNRN|aRNbRNRN cRNRN",
        "aRbRRcRR|aRbRR cRR",
        "NNaNN|N N aNN",
        "aNRN|aNRN",
        "aRNN|aRNN",
        "aNNb|aNN +1",
        "aNNbN|aNN +2",
        "aRNRNbRN|aRNRN +3",
        "a|+1",
        "aNbRNNcNN|aNbRNN cNN",
        // a lone CR ends a line for some readers only
        "aNbRcNN|malformed",
        "aNNbRR|aNN malformed",
        "aRNRNbR c|aRNRN malformed",
        // and so does a LF among lone CRs
        "aRRbNN|aRR malformed",
        "aRRNb|aRR malformed",
      })
  void cutsAfterBlankLines(String stream, String expected) {
    byte[] bytes = bytes(stream);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(EventPieces.in(bytes, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
    for (int size = 1; size <= 3; size++) {
      assertThat(EventPieces.ofSize(bytes, size)).as("pieces of %d", size).isEqualTo(expected);
    }
  }

  @Test
  void aWholeEventDoesNotWaitForTheNext() {
    for (String end : List.of("NN", "RNRN", "RR")) {
      EventSplitter splitter = new EventSplitter(100);
      assertThat(splitter.feed(bytes("data" + end))).isTrue();
      assertThat(splitter.next()).as(end).isInstanceOf(EventSplitter.Split.Found.class);
      assertThat(splitter.next()).isInstanceOf(EventSplitter.Split.Starved.class);
      assertThat(splitter.held()).isZero();
    }
  }

  @Test
  void holdsNoMoreThanItMay() {
    EventSplitter splitter = new EventSplitter(10);
    assertThat(splitter.feed(new byte[11])).isFalse();
    assertThat(splitter.feed(bytes("aaaaaaaa"))).isTrue();
    assertThat(splitter.next()).isInstanceOf(EventSplitter.Split.Starved.class);
    assertThat(splitter.feed(bytes("aaa"))).isFalse();
    assertThat(splitter.feed(bytes("NN"))).isTrue();
    assertThat(splitter.next()).isInstanceOf(EventSplitter.Split.Found.class);
    assertThat(splitter.feed(bytes("bbbbbbbbNN"))).isTrue();
    assertThat(splitter.next()).isInstanceOf(EventSplitter.Split.Found.class);
  }

  @Test
  void eventsKeepTheirBytesWhileMoreArrive() {
    EventSplitter splitter = new EventSplitter(1000);
    splitter.feed(bytes("firstNNsecondNNthi"));
    EventFrame first = found(splitter.next());
    EventFrame second = found(splitter.next());
    assertThat(splitter.next()).isInstanceOf(EventSplitter.Split.Starved.class);
    splitter.feed(bytes("rdNN" + "x".repeat(100)));
    EventFrame third = found(splitter.next());
    splitter.feed(bytes("y".repeat(100)));
    assertThat(text(first) + text(second) + text(third)).isEqualTo("first\n\nsecond\n\nthird\n\n");
    assertThat(first.first()).isTrue();
    assertThat(second.first()).isFalse();
    assertThat(first.toString()).isEqualTo("EventFrame[7 bytes]");
  }

  private static EventFrame found(EventSplitter.Split split) {
    return ((EventSplitter.Split.Found) split).frame();
  }

  private static String text(EventFrame frame) {
    return new String(Arrays.copyOf(frame.bytes(), frame.length()), ISO_8859_1);
  }

  private static byte[] bytes(String spelled) {
    return spelled.replace('N', '\n').replace('R', '\r').getBytes(ISO_8859_1);
  }
}
