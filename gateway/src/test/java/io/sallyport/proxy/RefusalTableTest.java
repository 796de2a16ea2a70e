package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.dialect.ClientError;
import io.sallyport.dialect.Defect;
import io.sallyport.testing.MarkdownFile;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds README's table of what a client sees against what the proxy answers. */
class RefusalTableTest {

  /** One row: status, code and what clients are told about trying again. */
  private record Told(String status, String code, String retry) {
    static Told of(ClientError error) {
      String retry = error == ClientError.OVERLOADED ? "soon" : error.retryable() ? "-" : "no";
      return new Told(Integer.toString(error.status()), error.code(), retry);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLIENT_LEFT")
  void everyReasonStandsInTheTableAsItIsAnswered(TransportReason reason) throws IOException {
    assertThat(told(reason.label())).isEqualTo(Told.of(reason.error()));
  }

  @ParameterizedTest
  @EnumSource
  void everyReasonOfAFetchStandsInTheTableAsItIsAnswered(FetchReason reason) throws IOException {
    assertThat(told(reason.label())).isEqualTo(Told.of(reason.error()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRESOLVABLE_OUTPUT")
  void everyReasonOfAFetchForARequestStandsInTheTableAsItIsAnswered(FetchReason reason)
      throws IOException {
    RefusalReason.RequestUrl ofRequest = new RefusalReason.RequestUrl(reason);
    assertThat(told(ofRequest.label())).isEqualTo(Told.of(ofRequest.error()));
  }

  @ParameterizedTest
  @EnumSource
  void everyDefectOfARequestStandsInTheTableAsItIsAnswered(Defect defect) throws IOException {
    String label = new RefusalReason.Request(defect).label();
    assertThat(told(label)).isEqualTo(Told.of(Defects.error(defect)));
  }

  @Test
  void otherReasonsStandInTheTableAsTheyAreAnswered() throws IOException {
    assertThat(told("reply_")).isEqualTo(Told.of(ClientError.UPSTREAM_BAD_REPLY));
    assertThat(told(new RefusalReason.WrongMethod(Set.of("GET")).label()))
        .isEqualTo(Told.of(ClientError.WRONG_METHOD));
  }

  @Test
  void noLabelOfTheTableIsOutOfUse() throws IOException {
    Set<String> used = new TreeSet<>(Set.of("reply_", "request_", "connections_full"));
    Stream.of(TransportReason.values()).forEach(reason -> used.add(reason.label()));
    for (FetchReason reason : FetchReason.values()) {
      used.add(reason.label());
      used.add(new RefusalReason.RequestUrl(reason).label());
    }
    Stream.of(Defect.values()).forEach(it -> used.add(new RefusalReason.Request(it).label()));
    used.add(new RefusalReason.WrongMethod(Set.of()).label());
    used.add("sallyport_decisions_total{verdict=\"block\"}");
    for (List<String> row : rows()) {
      assertThat(MarkdownFile.spans(row.get(4))).as("%s", row).isSubsetOf(used);
    }
  }

  private static Told told(String label) throws IOException {
    List<List<String>> rows =
        rows().stream().filter(row -> MarkdownFile.spans(row.get(4)).contains(label)).toList();
    assertThat(rows).as("rows with %s", label).hasSize(1);
    List<String> row = rows.getFirst();
    return new Told(row.get(1), row.get(2).replace("`", ""), row.get(3));
  }

  private static List<List<String>> rows() throws IOException {
    List<List<String>> rows =
        MarkdownFile.read("README.md").section("## What a client sees").rows().stream()
            .filter(row -> row.size() == 5)
            .toList();
    assertThat(rows).hasSizeGreaterThan(25);
    return rows;
  }
}
