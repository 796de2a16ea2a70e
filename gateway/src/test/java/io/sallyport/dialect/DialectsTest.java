package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dialects of the operator's, beside those that come with the program. */
class DialectsTest {
  private static final String MINE =
      """
      dialect: mine
      extends: kserve-v2
      vars: {text_tensors: caption}
      routes:
        - {id: metadata, match: {method: any, path: /v2}, effect: deny}
        - {id: extra, match: {method: GET, path: /extra}, effect: static, reply: listing}
      error: {json: {oops: "${message}"}}
      """;

  @TempDir Path dir;

  @Test
  void extendsAShippedOne() throws IOException {
    Files.writeString(dir.resolve("mine.yaml"), MINE);
    Problems problems = new Problems();
    Dialect mine = Dialects.open(Optional.of(dir), problems).find("mine", problems).orElseThrow();
    assertThat(problems.list()).isEmpty();
    assertThat(mine.routes())
        .extracting(Route::id)
        .containsExactly("extra", "infer", "metadata", "side-doors");
    assertThat(Samples.route(mine, "DELETE", "/v2").effect()).isEqualTo(Effect.DENY);
    Route infer = Samples.route(mine, "POST", "/v2/models/m/infer");
    String body = "{\"inputs\":[{\"data\":[\"a dog\"],\"name\":\"caption\"}]}";
    assertThat(
            Samples.texts(
                mine.readRequest(
                    infer, "application/json", body.getBytes(UTF_8), ReadLimits.defaults())))
        .containsExactly("positive /inputs/0/data/0=a dog");
    assertThat(new String(mine.error(ClientError.INTERNAL, "m", "r").body(), UTF_8))
        .isEqualTo("{\"oops\":\"m\"}");
    assertThat(mine.refuse(Gate.INPUT, "m", "r", Told.nothing()).status()).isEqualTo(400);
    assertThat(mine.digest()).isNotEqualTo(Dialect.bundled("kserve-v2").digest());
  }

  @Test
  void extendsAnotherOfTheFolder() throws IOException {
    Files.writeString(dir.resolve("mine.yaml"), MINE);
    Files.writeString(
        dir.resolve("yours.yaml"), "dialect: yours\nextends: mine\nvars: {image_tensors: pic}\n");
    Problems problems = new Problems();
    Dialects dialects = Dialects.open(Optional.of(dir), problems);
    assertThat(dialects.find("yours", problems)).isPresent();
    assertThat(problems.list()).isEmpty();
    assertThat(dialects.names()).contains("mine", "yours", "openai-images");
  }

  @Test
  void tellsEveryProblemOfEveryFile() throws IOException {
    Files.writeString(dir.resolve("sdapi.yaml"), "dialect: sdapi\nextends: sdapi\n");
    Files.writeString(dir.resolve("a.yaml"), "dialect: b\nextends: artifacts\n");
    Files.writeString(dir.resolve("c.yaml"), "dialect: c\nextends: nobody\n");
    Files.writeString(dir.resolve("d.yaml"), "dialect: d\nextends: d\n");
    Files.writeString(dir.resolve("e.yaml"), "dialect: e\nextends: artifacts\ncolour: red\n");
    Files.writeString(
        dir.resolve("f.yaml"),
        "dialect: f\nextends: kserve-v2\nroutes:\n"
            + "  - {id: x, match: {method: GET, path: /x}, effect: static, reply: gone}\n");
    Files.writeString(dir.resolve("ignored.txt"), "no dialect");
    Problems problems = new Problems();
    Dialects.open(Optional.of(dir), problems);
    assertThat(problems.list())
        .extracting(Problem::toString)
        .extracting(text -> text.replace(dir + "/", ""))
        .contains(
            "a.yaml: the file of a dialect is named after it: NAME.yaml",
            "c.yaml:2: extends: there is no dialect 'nobody'",
            "d.yaml:2: extends: a dialect extends at most 8 others, and not itself",
            "e.yaml:3: colour: unknown key",
            "f.yaml:4: routes[0].reply: no replies are named 'gone'",
            "sdapi.yaml: this name is shipped: take another, with 'extends: sdapi'");
  }

  @Test
  void aFolderThatIsNotThereIsAProblem() {
    Problems problems = new Problems();
    Dialects.open(Optional.of(dir.resolve("none")), problems);
    assertThat(problems.list()).hasSize(1);
  }

  @Test
  void withoutAFolderThereAreTheShippedOnes() {
    assertThat(Dialects.open(Optional.empty(), new Problems()).names())
        .containsExactlyElementsOf(List.copyOf(Dialects.SHIPPED));
  }
}
