package io.sallyport.detect.image.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenedTest {
  private static Need need(String name, String found, String least) {
    return new Need(name, LibraryVersion.parse(found), LibraryVersion.parse(least));
  }

  @ParameterizedTest
  @CsvSource({
    "1.3.2, 1.3.2, true",
    "1.3.10, 1.3.2, true",
    "1.4, 1.3.2, true",
    "2.0.0, 1.3.2, true",
    "1.3.1, 1.3.2, false",
    "1.2.9, 1.3.2, false",
    "0.11.1, 1.0.4, false",
    "nothing, 1.0.4, false",
    "nothing, nothing, true"
  })
  void onlyWhatIsKnownToBeNewEnoughIsUsedUnasked(String found, String least, boolean used) {
    List<Need> needs = List.of(need("lib", found, least));
    assertThat(Opened.objection(Use.AUTO, needs).isEmpty()).isEqualTo(used);
    assertThat(Opened.objection(Use.TRUST, needs)).isEmpty();
  }

  @Test
  void everyNeedCounts() {
    List<Need> needs = List.of(need("one", "2.0.0", "1.0.0"), need("two", "1.0.0-0-g99", "1.4.0"));
    assertThat(Opened.objection(Use.AUTO, needs))
        .isEqualTo("two is not known to be 1.4.0 or later");
    assertThat(Opened.versions(needs)).isEqualTo("2.0.0, two 1.0.0");
  }

  @Test
  void aVersionThatIsNotToldIsUnknown() {
    assertThat(Opened.versions(List.of(new Need("x", Optional.empty(), Optional.empty()))))
        .isEqualTo("unknown");
  }

  @Test
  void whatIsOffOrNotThereIsNotUsedAndSaysWhy() {
    Opened<LibWebp> off = LibWebp.open(Use.OFF);
    assertThat(off.codec()).isEmpty();
    assertThat(off.why()).isEqualTo("native_codecs says off");
    Opened<LibWebp> absent =
        Opened.open(
            "libwebp",
            List.of("libno-such-library.so.77"),
            Use.TRUST,
            library -> {
              throw new AssertionError("not to be bound");
            });
    assertThat(absent.codec()).isEmpty();
    assertThat(absent.why()).isEqualTo("not installed");
  }

  /** The C library is on every Linux, and decodes no pictures. */
  @Test
  void aLibraryWithoutTheFunctionsIsNotUsed() {
    Opened<LibDeflate> other =
        Opened.open("libdeflate", List.of("libc.so.6"), Use.TRUST, LibDeflate::new);
    assertThat(other.codec()).isEmpty();
    assertThat(other.why()).isIn("its interface is not a known one", "not installed");
  }

  @ParameterizedTest
  @CsvSource({"1, 1.0.0", "1.2, 1.2.0", "1.2.3, 1.2.3", "1.0.0-0-g99172b1, 1.0.0"})
  void versionsAreRead(String text, String version) {
    assertThat(LibraryVersion.parse(text).map(LibraryVersion::toString)).contains(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "1.x", "9999999.1", "-1"})
  void whatIsNoVersionIsNot(String text) {
    assertThat(LibraryVersion.parse(text)).isEmpty();
  }
}
