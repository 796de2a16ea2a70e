package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.proxy.References.Judges;
import io.sallyport.proxy.References.Known;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who has uploaded which file, and what is known of it. */
class ReferencesTest {
  private static final Owner A = new Owner("a", "");
  private static final Owner B = new Owner("b", "");
  private static final Known FINE = known("h1");
  private static final Known OTHER = known("h2");

  private final AtomicLong nanos = new AtomicLong();
  private final References files = new References(1000, Duration.ofHours(1), nanos::get);

  private static Known known(String hash) {
    return new Known(hash, new Judges("p", Map.of()), List.of());
  }

  @Test
  void aFileIsKnownForWhoeverUploadedIt() {
    assertThat(files.find(A, "input/x")).isEmpty();
    assertThat(files.isOthers(B, "input/x")).isFalse();
    files.remember(A, "input/x", FINE);
    assertThat(files.find(A, "input/x")).contains(FINE);
    assertThat(files.find(new Owner("a", "someone"), "input/x")).isEmpty();
    assertThat(files.find(B, "input/x")).isEmpty();
    assertThat(files.isOthers(B, "input/x")).isTrue();
    assertThat(files.isOthers(A, "input/x")).isFalse();
  }

  @Test
  void theSameBytesBelongToEverybodyWhoUploadedThem() {
    files.remember(A, "input/x", FINE);
    files.remember(B, "input/x", FINE);
    assertThat(files.find(A, "input/x")).contains(FINE);
    assertThat(files.find(B, "input/x")).contains(FINE);
  }

  @Test
  void otherBytesTakeTheName() {
    files.remember(A, "input/x", FINE);
    files.remember(B, "input/x", OTHER);
    assertThat(files.find(A, "input/x")).isEmpty();
    assertThat(files.isOthers(A, "input/x")).isTrue();
  }

  @Test
  void aFileInDoubtIsNotKnownAndStaysWhoseItIs() {
    files.doubt("input/x");
    assertThat(files.isOthers(A, "input/x")).isFalse();
    files.remember(A, "input/x", FINE);
    files.doubt("input/x");
    assertThat(files.find(A, "input/x")).isEmpty();
    assertThat(files.isOthers(B, "input/x")).isTrue();
    files.looked("input/x", "h2");
    assertThat(files.find(A, "input/x")).isEmpty();
    files.looked("input/x", "h1");
    assertThat(files.find(A, "input/x")).contains(FINE);
  }

  @Test
  void namesThatSomeServersTakeForOneShareAPlace() {
    files.remember(A, "input/\u00e9.png", FINE);
    files.remember(A, "input/E\u0301.PNG", OTHER);
    assertThat(files.find(A, "input/\u00e9.png")).isEmpty();
    assertThat(files.find(A, "input/E\u0301.PNG")).contains(OTHER);
    files.doubt("input/\u00e9.png");
    assertThat(files.find(A, "input/E\u0301.PNG")).isEmpty();
  }

  @Test
  void ownersOfOneFileAreBounded() {
    for (int i = 0; i < 65; i++) {
      files.remember(new Owner("c", Integer.toString(i)), "input/x", FINE);
    }
    assertThat(files.find(new Owner("c", "0"), "input/x")).isEmpty();
    assertThat(files.find(new Owner("c", "64"), "input/x")).contains(FINE);
  }

  @Test
  void whatNobodyNamesIsForgotten() {
    files.remember(A, "input/x", FINE);
    nanos.addAndGet(Duration.ofMinutes(50).toNanos());
    assertThat(files.find(A, "input/x")).isPresent();
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    assertThat(files.find(A, "input/x")).isEmpty();
    assertThat(files.isOthers(B, "input/x")).isFalse();
  }

  @Test
  void thereIsABound() {
    References few = new References(2, Duration.ofHours(1), nanos::get);
    for (int i = 0; i < 2000; i++) {
      few.remember(A, "input/" + i, FINE);
    }
    for (int i = 0; i < 500 && few.size() > 2; i++) {
      few.find(A, "input/none");
    }
    long there =
        java.util.stream.IntStream.range(0, 2000)
            .filter(i -> few.find(A, "input/" + i).isPresent())
            .count();
    assertThat(there).isLessThanOrEqualTo(50);
  }
}
