package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.Fixture;
import io.sallyport.testing.MarkdownFile;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The benign fixtures of api-shapes 6, and more, through the reader. */
class ShippedDialectsTest {
  private static final byte[] PNG = Base64.getDecoder().decode(Samples.PNG);

  static List<String> fixtures() throws IOException {
    return Fixture.lines();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void readsTheFixture(String line) throws BadBase64Exception {
    Fixture fixture = Fixture.of(line, PNG);
    Dialect dialect = Dialect.bundled(fixture.dialect());
    String[] target = fixture.target().split("\\?", 2);
    String query = target.length > 1 ? target[1] : "";
    String type = fixture.requestType();
    Route route = ((RouteMatch.Found) dialect.match(fixture.method(), target[0], type)).route();
    assertThat(route.claimsQuery(query)).isTrue();
    assertThat(route.effect().name())
        .isEqualToIgnoringCase(fixture.has("e") ? fixture.text("e") : "generate");
    Reading request =
        dialect.readRequest(
            route,
            new RequestHead(target[0], query, Map.of()),
            type,
            fixture.request(PNG),
            ReadLimits.defaults());
    if (fixture.has("refused")) {
      assertThat(Samples.outcome(request)).isEqualTo(fixture.text("refused"));
      return;
    }
    assertThat(Samples.outcome(request)).isEqualTo("parts");
    Reading.Parts parts = (Reading.Parts) request;
    List<String> texts =
        parts.texts().stream().map(text -> text.role().wire() + " " + text.value()).toList();
    List<String> expected = new ArrayList<>();
    JsonNode json = fixture.json();
    json.get("t").forEach(it -> expected.add(it.get(0).asString() + " " + it.get(1).asString()));
    if (fixture.has("s")) {
      json.get("s").forEach(it -> expected.add("unknown " + it.asString()));
    }
    assertThat(texts).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(parts.images()).hasSize(fixture.count("i"));
    if (fixture.has("unknown")) {
      assertThat(parts.references())
          .extracting(RefPart::where)
          .containsExactly(json.get("unknown").get(0).asString());
      return;
    }
    if (fixture.has("sse")) {
      readsTheStream(route, fixture);
    } else {
      readsTheReply(dialect, route, fixture);
    }
    Gate gate = route.effect() == Effect.POLL ? Gate.OUTPUT : Gate.INPUT;
    assertThat(dialect.refuse(gate, "no", "r", Told.stageOnly()).status())
        .isEqualTo(fixture.count("b"));
  }

  private static void readsTheReply(Dialect dialect, Route route, Fixture fixture)
      throws BadBase64Exception {
    byte[] body = fixture.reply();
    Reading reply =
        dialect.readReply(
            route, 200, fixture.replyType(), body, body.length, ReadLimits.defaults());
    assertThat(Samples.outcome(reply)).isEqualTo("parts");
    assertThat(((Reading.Parts) reply).links()).hasSize(fixture.count("l"));
    List<ImagePart> images = ((Reading.Parts) reply).images();
    assertThat(images).hasSize(fixture.count("o"));
    if (route.effect() == Effect.CREATE_JOB && route.namesJob()) {
      assertThat(((Reading.Parts) reply).jobs()).hasSize(1);
    }
    requirePictures(body, images);
  }

  private static void readsTheStream(Route route, Fixture fixture) throws BadBase64Exception {
    EventReader reader =
        route.events(200, "text/event-stream").orElseThrow().reader(ReadLimits.defaults(), false);
    EventSplitter splitter = new EventSplitter(1 << 20);
    splitter.feed(fixture.reply());
    int found = 0;
    while (splitter.next() instanceof EventSplitter.Split.Found(EventFrame frame)) {
      EventReading read = reader.read(frame);
      if (read instanceof EventReading.Images(var data, var images, var links, var preview)) {
        requirePictures(data, images);
        found += images.size();
      } else {
        assertThat(read).isInstanceOf(EventReading.Plain.class);
      }
    }
    assertThat(found).isEqualTo(fixture.count("o"));
  }

  private static void requirePictures(byte[] body, List<ImagePart> images)
      throws BadBase64Exception {
    for (ImagePart image : images) {
      byte[] file = new byte[4];
      image.bytes(body).get(file);
      assertThat(file).containsExactly(0x89, 'P', 'N', 'G');
    }
  }

  /** Side doors within bodies: what would be fetched, stored, remembered or read a second time. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "sdapi|/sdapi/v1/txt2img|{'prompt':'a <sd_cpp_extra_args>{}'}|not_judged /prompt",
        "sdapi|/sdapi/v1/txt2img|{'infotext':'a <sd_cpp_extra_args>{}'}|not_judged /infotext",
        "sdapi|/sdapi/v1/txt2img|{'prompt':'a','save_images':true}|not_judged /save_images",
        "sdapi|/sdapi/v1/txt2img|{'prompt':'a','send_images':false}|not_judged /send_images",
        "sdapi|/sdapi/v1/img2img|{'init_images':['https://a.example/b']}|not_judged /init_images/0",
        "sdapi|/sdapi/v1/img2img|{'alwayson_scripts':{'x':{'args':['https://a.example/b']}}}|unclaimed_image"
            + " /alwayson_scripts/x/args/0",
        "json-to-bytes|/|{'inputs':'a','image':'https://a.example/b'}|not_judged /image",
        "json-to-bytes|/|{'inputs':'a','webhook':'x'}|not_judged /webhook",
        "artifacts|/v1/infer|{'prompt':'a','image':'data:image/png;example_id,0'}|bad_base64"
            + " /image",
        "kserve-v2|/v2/models/m/infer|{'inputs':[{'name':'prompt','parameters':{'shared_memory_region':'r'}}]}|not_judged"
            + " /inputs/0/parameters/shared_memory_region",
        "kserve-v2|/v2/models/m/infer|{'inputs':[{'name':'image','data':[1,2,3]}]}|wrong_type"
            + " /inputs/0/data/0",
        "gemini|/v1/models/m:generateContent|{'contents':[{'parts':[{'fileData':{'fileUri':'u'}}]}]}|not_judged"
            + " /contents/0/parts/0/fileData",
        "gemini|/v1/models/m:generateContent|{'cachedContent':'c'}|not_judged /cachedContent",
        "vertex|/vertex_generate|{'instances':[{'prompt':'a','image':{'gcsUri':'g'}}]}|not_judged"
            + " /instances/0/image/gcsUri",
        "vertex|/vertex_generate|{'parameters':{'storageUri':'g'}}|not_judged"
            + " /parameters/storageUri",
        "openai-chat-images|/v1/responses|{'input':'a','previous_response_id':'r'}|not_judged"
            + " /previous_response_id",
        "openai-chat-images|/v1/responses|{'input':'a','background':true}|not_judged /background",
        "openai-chat-images|/v1/responses|{'input':'a','tools':[{'type':'mcp'}]}|not_judged"
            + " /tools/0/type",
        "openai-chat-images|/v1/responses|{'input':[{'type':'item_reference','id':'x'}]}|not_judged"
            + " /input/0/type",
        "openai-chat-images|/v1/chat/completions|{'messages':[{'content':[{'file':{}}]}]}|not_judged"
            + " /messages/0/content/0/file",
        "openai-chat-images|/v1/responses|{'input':'a','stream':'yes'}|not_judged /stream",
        "openai-images|/v1/images/generations|{'prompt':'a','file_id':'f'}|not_judged /file_id",
        "openai-images|/v1/images/edits|{'prompt':'a','file_id':'https://a.example/b'}|unclaimed_image"
            + " /file_id",
        "openai-images|/v1/images/edits|{'prompt':'a','images':[{'image_url':'https://a.example/b'}]}|not_judged"
            + " /images/0/image_url",
      })
  void refusesWhatIsNotJudged(String name, String path, String json, String expected) {
    Dialect dialect = Dialect.bundled(name);
    Route route = ((RouteMatch.Found) dialect.match("POST", path, "application/json")).route();
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    assertThat(
            Samples.outcome(
                dialect.readRequest(route, "application/json", body, ReadLimits.defaults())))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "openai-images|/v1/images/edits|{'prompt':'a','images':[{'file_id':'f'}]}|f"
            + " /images/0/file_id",
        "azure-openai|/openai/v1/images/edits|{'prompt':'a','mask':{'file_id':'f'}}|f"
            + " /mask/file_id",
        "openai-chat-images|/v1/responses|{'input':[{'role':'user','content':[{'file_id':'f'}]}]}|f"
            + " /input/0/content/0/file_id",
        "openai-chat-images|/v1/responses|{'input':'a','tools':[{'input_image_mask':{'file_id':'f'}}]}|f"
            + " /tools/0/input_image_mask/file_id",
      })
  void tellsWhichFilesARequestNames(String name, String path, String json, String expected) {
    Dialect dialect = Dialect.bundled(name);
    Route route = ((RouteMatch.Found) dialect.match("POST", path, "application/json")).route();
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    Reading reading = dialect.readRequest(route, "application/json", body, ReadLimits.defaults());
    assertThat(((Reading.Parts) reading).references())
        .extracting(it -> it.name() + " " + it.where())
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"guidance_scale=0.5, positive", "guidance_scale=7, negative", "x=1, negative"})
  void guidanceInAQueryMakesANegativePromptShow(String query, String role) {
    Dialect dialect = Dialect.bundled("json-to-bytes");
    Reading reading =
        dialect.readRequest(
            Samples.route(dialect, "POST", "/predict"),
            new RequestHead("/predict", query, Map.of()),
            "application/json",
            "{\"inputs\":\"a\",\"negative_prompt\":\"a zeppelin\"}".getBytes(UTF_8),
            ReadLimits.defaults());
    assertThat(((Reading.Parts) reading).texts())
        .filteredOn(text -> text.value().equals("a zeppelin"))
        .extracting(text -> text.role().wire())
        .containsExactly(role);
  }

  @Test
  void everyShippedFileIsListed() throws IOException {
    Path folder = Path.of("src/main/resources/io/sallyport/dialect");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(it -> it.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(Dialects.SHIPPED);
    }
    Set<String> tried = new TreeSet<>(Set.of("moderations"));
    fixtures().forEach(line -> tried.add(Fixture.of(line, PNG).dialect()));
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
