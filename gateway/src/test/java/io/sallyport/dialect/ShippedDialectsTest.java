package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.MarkdownFile;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benign fixtures of api-shapes 6, and more, through the reader. */
class ShippedDialectsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static List<String> fixtures() throws IOException {
    try (InputStream in = ShippedDialectsTest.class.getResourceAsStream("dialects.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void readsTheFixture(String line) throws BadBase64Exception {
    JsonNode fixture = JSON.readTree(line.replace("$PNG", Samples.PNG));
    Dialect dialect = Dialect.bundled(fixture.get("a").asString());
    String[] target = fixture.get("p").asString().split("\\?", 2);
    String query = target.length > 1 ? target[1] : "";
    Route route = ((RouteMatch.Found) dialect.match("POST", target[0], "application/json")).route();
    assertThat(route.claimsQuery(query)).isTrue();
    assertThat(route.effect()).isEqualTo(Effect.GENERATE);
    Reading request =
        dialect.readRequest(
            route,
            new RequestHead(target[0], query, Map.of()),
            "application/json",
            fixture.get("req").toString().getBytes(UTF_8),
            ReadLimits.defaults());
    assertThat(request).isInstanceOf(Reading.Parts.class);
    Reading.Parts parts = (Reading.Parts) request;
    List<String> texts =
        parts.texts().stream().map(text -> text.role().wire() + " " + text.value()).toList();
    List<String> claimed = new ArrayList<>();
    fixture.get("t").forEach(it -> claimed.add(it.get(0).asString() + " " + it.get(1).asString()));
    List<String> expected = new ArrayList<>(claimed);
    if (fixture.has("s")) {
      fixture.get("s").forEach(it -> expected.add("unknown " + it.asString()));
    }
    assertThat(texts).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(parts.images()).hasSize(fixture.get("i").asInt());
    readsTheReply(dialect, route, fixture);
    assertThat(dialect.refuse(Gate.INPUT, "no", "r", Told.stageOnly()).status())
        .isEqualTo(fixture.get("b").asInt());
  }

  private static void readsTheReply(Dialect dialect, Route route, JsonNode fixture)
      throws BadBase64Exception {
    byte[] body =
        fixture.has("bytes")
            ? Base64.getDecoder().decode(fixture.get("bytes").asString())
            : fixture.get("rep").toString().getBytes(UTF_8);
    String type = fixture.has("ct") ? fixture.get("ct").asString() : "application/json";
    Reading reply = dialect.readReply(route, 200, type, body, body.length, ReadLimits.defaults());
    assertThat(Samples.outcome(reply)).isEqualTo("parts");
    List<ImagePart> images = ((Reading.Parts) reply).images();
    assertThat(images).hasSize(fixture.get("o").asInt());
    for (ImagePart image : images) {
      byte[] file = new byte[4];
      image.bytes(body).get(file);
      assertThat(file).containsExactly(0x89, 'P', 'N', 'G');
    }
  }

  @Test
  void everyShippedFileIsListed() throws IOException {
    Path folder = Path.of("src/main/resources/io/sallyport/dialect");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(it -> it.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(Dialects.SHIPPED);
    }
    Set<String> tried = new TreeSet<>(Set.of("moderations"));
    fixtures().forEach(line -> tried.add(JSON.readTree(line).get("a").asString()));
    assertThat(tried).containsExactlyInAnyOrderElementsOf(Dialects.SHIPPED);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyShippedFileCompiles(String name) {
    Problems problems = new Problems();
    Optional<Dialect> dialect = Dialects.open(Optional.empty(), problems).find(name, problems);
    assertThat(problems.list()).isEmpty();
    assertThat(dialect.orElseThrow().name()).isEqualTo(name);
  }

  @Test
  void readmesTableNamesThemAll() throws IOException {
    List<List<String>> rows =
        MarkdownFile.read("README.md").section("## Dialects").rows().stream()
            .filter(row -> row.size() == 3 && row.getFirst().startsWith("`"))
            .toList();
    assertThat(rows.stream().map(row -> row.getFirst().replace("`", "")))
        .containsExactlyInAnyOrderElementsOf(Dialects.SHIPPED);
    for (List<String> row : rows) {
      Dialect dialect = Dialect.bundled(row.getFirst().replace("`", ""));
      assertThat(row.get(1)).as(dialect.name()).isEqualTo(dialect.serves());
      assertThat(row.get(2)).as(dialect.name()).containsPattern("images|as `");
    }
  }

  static List<String> names() {
    return Dialects.SHIPPED;
  }
}
