package io.sallyport.coding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which codings are understood, and what an upstream is told of those that a client takes. */
class AcceptEncodingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br, zstd      | gzip, deflate, br, zstd",
        "zstd,br,gzip                 | zstd, br, gzip",
        "gzip, deflate, dcb, compress | gzip, deflate",
        "GZIP;Q=0.8, br ; q=1.000     | gzip;q=0.8, br;q=1.000",
        "gzip;q=0, br                 | gzip;q=0, br",
        "br;q=1, identity;q=0         | br;q=1, identity;q=0",
        "compress, identity;q=0       | identity;q=0",
        "identity                     | identity",
        "identity;q=0.5, gzip         | identity;q=0.5, gzip",
        "compress                     | identity",
        "''                           | identity",
        "*                            | gzip, deflate, br, zstd, identity",
        "br;q=0.9, *;q=0.1            | br;q=0.9, gzip;q=0.1, deflate;q=0.1, zstd;q=0.1,"
            + " identity;q=0.1",
        "*, gzip;q=0, identity;q=0    | deflate, br, zstd, gzip;q=0, identity;q=0",
        "gzip, *;q=0                  | gzip, *;q=0",
        "gzip, *;q=0.000              | gzip, *;q=0.000",
        "gzip, gzip;q=0, br           | gzip, br",
        "gzip;q=2, br;q=x, zstd;v=1   | identity",
        "x-gzip, br                   | br",
        "gz ip, br                    | br",
      })
  void keepsTheClientsCodingsThatAreJudged(String client, String upstream) {
    assertThat(AcceptEncoding.upstream(List.of(client))).isEqualTo(upstream);
  }

  @Test
  void readsSeveralLinesAsOneListAndNoneAsIdentity() {
    assertThat(AcceptEncoding.upstream(List.of("br, x", "gzip;q=0.5"))).isEqualTo("br, gzip;q=0.5");
    assertThat(AcceptEncoding.upstream(List.of())).isEqualTo("identity");
  }

  @Test
  void knowsItsCodingsByName() {
    for (ContentCoding coding : ContentCoding.values()) {
      assertThat(ContentCoding.of(List.of(coding.wire()))).contains(coding);
      assertThat(ContentCoding.of(List.of(coding.name()))).contains(coding);
    }
    assertThat(ContentCoding.of(List.of())).contains(ContentCoding.IDENTITY);
    assertThat(ContentCoding.list()).isEqualTo("gzip, deflate, br, zstd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "compress",
        "x-gzip",
        "dcb",
        "dcz",
        "aws-chunked",
        "gzip;q=1",
        "gzip,",
        "'gzip '",
        "'gzip, gzip'",
        "'identity, gzip'",
        "'gzip, identity'",
        "'br, gzip'",
      })
  void refusesWhatItDoesNotKnow(String field) {
    assertThat(ContentCoding.of(List.of(field))).isEqualTo(Optional.empty());
  }

  @Test
  void refusesSeveralLines() {
    assertThat(ContentCoding.of(List.of("identity", "gzip"))).isEmpty();
    assertThat(ContentCoding.of(List.of("gzip", "gzip"))).isEmpty();
  }
}
