package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How files are named, and where their keys stand in requests and replies. */
class NamingTest {
  private static final Dialect COMFY = Dialect.bundled("comfyui");
  private static final Naming FOLDERS = COMFY.naming().orElseThrow();
  private static final Naming IDS = Samples.IMAGES.naming().orElseThrow();
  private static final RefRule IMAGE = rule("POST", "/upload/image");
  private static final RefRule MASK = rule("POST", "/api/upload/mask");
  private static final Route VIEW = Samples.route(COMFY, "GET", "/view");

  private static RefRule rule(String method, String path) {
    return Samples.route(COMFY, method, path).ref().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.png|input/x.png",
        "x.png [input]|input/x.png",
        "x.png [temp]|temp/x.png",
        "a/b c/x (1).png [output]|output/a/b c/x (1).png",
        "\u7530.png|input/\u7530.png",
      })
  void everySpellingOfAFileHasOneKey(String name, String key) {
    assertThat(FOLDERS.key(name)).contains(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "./x",
        "/x",
        "x/",
        "a//x",
        "a\\x",
        "c:x",
        "blake3:00",
        "x.png [other]",
        "x.png [input] [output]",
        "x.png[input]",
        "[input]",
        " x",
        "x ",
        "x.",
        "x..png",
        "a./x",
        ".x",
        "x\n",
        "x\u0000",
        "x\ud800",
      })
  void aNameOfSeveralReadingsHasNone(String name) {
    assertThat(FOLDERS.key(name)).isEmpty();
  }

  @Test
  void idsAreTheirOwnKeys() {
    assertThat(IDS.key("file-aB_1.x")).contains("file-aB_1.x");
    for (String id : List.of("", "a/b", "../a", "a b", "-a", "a?b", "a\n", "a".repeat(129))) {
      assertThat(IDS.key(id)).as(id).isEmpty();
    }
    assertThat(IDS.fetched()).isFalse();
  }

  @Test
  void whatIsNotKnownIsAskedForByItsParts() {
    assertThat(FOLDERS.fetched()).isTrue();
    assertThat(FOLDERS.target("input/x.png"))
        .isEqualTo("/view?type=input&subfolder=&filename=x.png");
    assertThat(FOLDERS.target("output/a/b/x &y=1+$1.png"))
        .isEqualTo("/view?type=output&subfolder=a%2Fb&filename=x%20%26y%3D1%2B%241.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"x.png\",\"subfolder\":\"\",\"type\":\"input\"}|input/x.png",
        "{\"type\":\"temp\",\"more\":{\"name\":\"y\"},\"subfolder\":\"a/b\",\"name\":\"x\"}|temp/a/b/x",
        "{\"name\":\"x.png\",\"subfolder\":\"\"}|",
        "{\"name\":\"x\",\"name\":\"y\",\"subfolder\":\"\",\"type\":\"input\"}|",
        "{\"name\":7,\"subfolder\":\"\",\"type\":\"input\"}|",
        "{\"name\":\"../x\",\"subfolder\":\"\",\"type\":\"input\"}|",
        "{\"name\":\"x\",\"subfolder\":\"..\",\"type\":\"input\"}|",
        "[]|",
        "no JSON|",
      })
  void aReplySaysUnderWhichKeyAFileIsKept(String reply, String key) {
    assertThat(IMAGE.stored(reply.getBytes(UTF_8))).isEqualTo(Optional.ofNullable(key));
  }

  @Test
  void aLongPartIsNotReadAsNone() {
    String folder = "./".repeat(200) + "clipspace";
    assertThat(
            IMAGE.stored(
                ("{\"name\":\"x\",\"subfolder\":\"" + folder + "\",\"type\":\"input\"}")
                    .getBytes(UTF_8)))
        .isEmpty();
    assertThat(original("{\"filename\":\"x\",\"subfolder\":\"" + folder + "\"}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"filename\":\"x.png\",\"type\":\"input\"}|input/x.png",
        "{\"filename\":\"x.png\",\"subfolder\":\"a\"}|output/a/x.png",
        "{\"filename\":\"x.png [input]\"}|",
        "{\"subfolder\":\"a\"}|",
        "[]|",
      })
  void aMaskSaysWhatItIsPaintedOn(String json, String key) {
    assertThat(original(json)).isEqualTo(Optional.ofNullable(key));
  }

  private static Optional<String> original(String json) {
    return MASK.original(Forms.TYPE, form(Forms.field("original_ref", json)));
  }

  @Test
  void aFormSaysWhosePlaceItsFileTakes() {
    String file = Forms.file("image", Forms.PNG);
    String name = file.replaceAll("(?s).*filename=\"([^\"]*)\".*", "$1");
    assertThat(IMAGE.replaced(Forms.TYPE, form(file))).contains("input/" + name);
    assertThat(
            IMAGE.replaced(
                Forms.TYPE,
                form(Forms.field("type", "temp"), file, Forms.field("subfolder", "a/b"))))
        .contains("temp/a/b/" + name);
    assertThat(IMAGE.replaced(Forms.TYPE, form(Forms.field("image", "x")))).isEmpty();
    assertThat(IMAGE.replaced("multipart/form-data", form(file))).isEmpty();
    assertThat(IMAGE.replaced(Forms.TYPE, "no form".getBytes(UTF_8))).isEmpty();
  }

  private static byte[] form(String... parts) {
    return Forms.form(parts).getBytes(ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filename=x.png|output/x.png",
        "filename=x%2Epng&type=input&subfolder=a%2Fb|input/a/b/x.png",
        "filename=a%2Fx.png|",
        "subfolder=a|",
        "filename=x&filename=y|",
      })
  void aQuerySaysWhichFileIsAskedFor(String query, String key) {
    assertThat(VIEW.asked(query)).isEqualTo(Optional.ofNullable(key));
  }

  private static final String TOY =
      """
      dialect: toy
      ref: {names: folders, unknown: fetch, at: "/get?t={root}&f={folder}&n={name}"}
      routes:
        - id: keep
          match: {method: POST, path: /keep, type: multipart/form-data}
          effect: upload
          reply: kept
          images: [{sel: "file:image"}]
          ref: {key: "{reply:/t}/{reply:/f}/{reply:/n}"}
        - id: look
          match: {method: GET, path: /look}
          effect: fetch
          reply: picture
          values: [{sel: "query:t", allow: [input]}]
          plain: [{sel: "query:{f,n}", fits: "[a-z]*"}]
          ref: {key: "{query:t|input}/{query:f|}/{query:n}"}
        - id: make
          match: {method: POST, path: /make, type: application/json}
          effect: generate
          reply: kept
          images: [{sel: /file, as: ref}]
      replies:
        kept: [{when: {status: 2xx, type: application/json}}]
        picture: [{when: {status: "200", type: image/*}, images: [{sel: body, as: bytes}]}]
      block:
        input: {status: 400, json: {a: b}}
        output: {status: 400, json: {a: b}}
      error: {json: {a: b}}
      """;

  @Test
  void theToyIsFine() {
    assertThat(problems(TOY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ref: {names: folders, unknown: fetch, at: \"/get?t={root}&f={folder}&n={name}\"}|query: []"
            + "|the dialect has no 'ref'",
        "unknown: fetch, at: \"/get?t={root}&f={folder}&n={name}\"|unknown: fetch|'at' says where",
        "unknown: fetch|unknown: refuse|'at' says where",
        "unknown: fetch|unknown: pass|expected one of refuse, fetch",
        "names: folders|names: ids|expected one place such as",
        "names: folders|names: any|expected one of ids, folders",
        "&n={name}|&n=x|a path and query with",
        "&n={name}|&n={name}{name}|a path and query with",
        "/get?|https://a.example/get?|a path and query with",
        "{sel: \"file:image\"}|{sel: \"file:{image,mask}\"}|an upload is a form with one image",
        "{sel: \"file:image\"}|{sel: \"file:image\", repeated: true}|an upload is a form with one",
        "path: /keep, type: multipart/form-data|path: /keep|an upload is a form with one image",
        "    ref: {key: \"{reply:/t}/{reply:/f}/{reply:/n}\"}||missing key 'ref'",
        "\"{reply:/t}/{reply:/f}/{reply:/n}\"|\"{reply:/t}/{reply:/n}\"|expected {root}/{folder}",
        "\"{reply:/t}/{reply:/f}/{reply:/n}\"|\"{reply:/t}{reply:/f}{reply:/n}\"|expected {root}",
        "\"{reply:/t}/{reply:/f}/{reply:/n}\"|\"{query:t}/{reply:/f}/{reply:/n}\"|not a place for",
        "\"{reply:/t}/{reply:/f}/{reply:/n}\"|\"{reply:t}/{reply:/f}/{reply:/n}\"|not a place for",
        "/{query:n}\"}|/{query:n}\", composite: true}|a route that hands files out",
        "/{query:n}\"}|/{query:o}\"}|must be claimed",
        "effect: generate|effect: static|only upload and fetch routes",
        "{sel: /file, as: ref}|{sel: /file, as: name}|expected one of base64",
        "type: application/json}}]|type: application/json}, images: [{sel: /a, as: ref}]}]|names of"
            + " files stand in requests",
      })
  void aWrongFileIsAProblem(String good, String bad, String problem) {
    assertThat(TOY).contains(good);
    String given = bad == null ? "" : bad;
    String yaml = TOY.replace(good, given);
    if (problem.startsWith("only upload")) {
      yaml =
          TOY.replace(
              "as: ref}]", "as: base64}]\n    ref: {key: \"{query:t}/{query:f}/{query:n}\"}");
    }
    assertThat(problems(yaml))
        .extracting(Problem::message)
        .anyMatch(message -> message.contains(problem));
  }

  private static List<Problem> problems(String yaml) {
    Problems problems = new Problems();
    Dialect.parse("toy.yaml", yaml.getBytes(UTF_8), problems);
    return problems.list();
  }

  /** What has a key has no second reading, and asks for exactly its parts. */
  @FuzzTest
  void namesAnyFile(byte[] bytes) {
    String name = new String(bytes, UTF_8);
    FOLDERS
        .key(name)
        .ifPresent(
            key -> {
              assertThat(key)
                  .matches("(input|output|temp)/.*")
                  .doesNotContain("..", "//", "\\", ":", "[", "]", "\n", "\u0000");
              assertThat(FOLDERS.target(key))
                  .matches("/view\\?type=[a-z]+&subfolder=[!-~&&[^&#]]*&filename=[!-~&&[^&#]]+");
            });
    IDS.key(name).ifPresent(key -> assertThat(key).isEqualTo(name));
  }

  @FuzzTest
  void readsAnyReplyToAnUpload(byte[] reply) {
    IMAGE.stored(reply).ifPresent(key -> assertThat(key).matches("[a-z]+/[^\\\\]+"));
  }

  @FuzzTest
  void readsTheNamesOfAnyForm(byte[] form) {
    MASK.replaced(Forms.TYPE, form).ifPresent(key -> assertThat(key).contains("/"));
    MASK.original(Forms.TYPE, form).ifPresent(key -> assertThat(key).contains("/"));
  }

  @Test
  void staysCalmOnMutatedSeeds() {
    Mutations.run(1, 20_000, "a/b c/x (1).png [output]".getBytes(UTF_8), this::namesAnyFile);
    Mutations.run(
        2,
        10_000,
        "{\"name\":\"x.png\",\"subfolder\":\"a/b\",\"type\":\"input\"}".getBytes(UTF_8),
        this::readsAnyReplyToAnUpload);
    Mutations.run(
        3,
        10_000,
        form(
            Forms.file("image", Forms.PNG),
            Forms.field("subfolder", "a"),
            Forms.field("original_ref", "{\"filename\":\"x.png\",\"type\":\"input\"}")),
        this::readsTheNamesOfAnyForm);
  }
}
