package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of nodes: what is read of them, and what is refused. */
class GraphReaderTest {
  private static final Dialect COMFY = Dialect.bundled("comfyui");
  private static final Route PROMPT =
      ((RouteMatch.Found) COMFY.match("POST", "/prompt", "application/json")).route();

  /** The usual graph, of a checkpoint, two texts and a sampler. */
  static final String USUAL =
      """
      "1":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"sd/m.safetensors"}},
      "2":{"class_type":"CLIPTextEncode","inputs":{"text":"a red house","clip":["1",1]}},
      "3":{"class_type":"CLIPTextEncode","inputs":{"text":"blurry","clip":["1",1]}},
      "4":{"class_type":"EmptyLatentImage","inputs":{"width":512,"height":512,"batch_size":1}},
      "5":{"inputs":{"positive":["2",0],"negative":["3",0],"model":["1",0],"latent_image":["4",0],
           "seed":1,"cfg":7.0,"sampler_name":"dpmpp_2m","scheduler":"karras","denoise":1},
           "class_type":"KSampler","_meta":{"title":"the sampler"}},
      "6":{"class_type":"VAEDecode","inputs":{"samples":["5",0],"vae":["1",2]}},
      "7":{"class_type":"SaveImage","inputs":{"images":["6",0],"filename_prefix":"ComfyUI"}}\
      """;

  static Reading read(String json) {
    return read("application/json", json.replace('\'', '"').getBytes(UTF_8));
  }

  private static Reading read(String type, byte[] body) {
    return COMFY.readRequest(PROMPT, type, body, ReadLimits.defaults());
  }

  private static Reading graph(String nodes) {
    return read("{'prompt':{" + nodes + "}}");
  }

  private static Reading node(String type, String inputs) {
    return graph("'1':{'class_type':'" + type + "','inputs':{" + inputs + "}}");
  }

  private static List<String> texts(Reading reading) {
    assertThat(Samples.outcome(reading)).isEqualTo("parts");
    return ((Reading.Parts) reading)
        .texts().stream().map(text -> text.role().wire() + " " + text.value()).toList();
  }

  @Test
  void readsTheUsualGraph() {
    Reading reading =
        read(
            "{'client_id':'c-1','prompt_id':'8d6f4b1e-0000-4000-8000-000000000001','front':true,"
                + "'extra_data':{'extra_pnginfo':{'workflow':{'nodes':[{'title':'a note'}]}},"
                + "'api_key_comfy_org':'secret'},'partial_execution_targets':['7'],'prompt':{"
                + USUAL
                + "}}");
    assertThat(Samples.texts(reading))
        .containsExactly(
            "positive /prompt/2/inputs/text=a red house", "negative /prompt/3/inputs/text=blurry");
    Reading.Parts parts = (Reading.Parts) reading;
    assertThat(parts.images()).isEmpty();
    assertThat(parts.swept()).isZero();
    assertThat(parts.user()).contains("c-1");
    assertThat(parts.jobs()).containsExactly("8d6f4b1e-0000-4000-8000-000000000001");
  }

  @ParameterizedTest
  @CsvSource({"application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-8"})
  void takesWhatServersTakeForJson(String type) {
    assertThat(texts(read(type, ("{\"prompt\":{" + USUAL + "}}").getBytes(UTF_8)))).hasSize(2);
  }

  @Test
  void refusesOtherTypesAndCharsets() {
    byte[] body = ("{\"prompt\":{" + USUAL + "}}").getBytes(UTF_8);
    for (String type : List.of("text/html", "text/plain; charset=utf-16", "multipart/form-data")) {
      assertThat(Samples.outcome(read(type, body))).isEqualTo("content_type content-type");
    }
    assertThat(Samples.outcome(read("application/json", "{\"prompt\":{}}".getBytes(UTF_16))))
        .isEqualTo("malformed_json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                                     | missing_field /prompt",
        "{'prompt':[]}                                          | wrong_type /prompt",
        "[]                                                     | wrong_type",
        "{'prompt':{},'prompt':{}}                              | duplicate_key /prompt",
        "{'prompt':{'1':{},'1':{}}}                             | duplicate_key /prompt/1",
        "{'prompt':{'1':{'inputs':{'a':'b','a':'c'}}}}          | duplicate_key /prompt/1/inputs/a",
        "{'prompt':{'1':{'class_type':7}}}                      | wrong_type /prompt/1/class_type",
        "{'prompt':{}}x                                         | malformed_json",
        "{'prompt':{'1':{'inputs':{'a':NaN}}}}                  | malformed_json"
            + " /prompt/1/inputs/a",
        "{'prompt':{},'client_id':7}                            | wrong_type /client_id",
        "{'prompt':{},'client_id':'a b'}                        | wrong_type /client_id",
        "{'prompt':{},'prompt_id':{}}                           | wrong_type /prompt_id",
        "{'prompt':{},'prompt_id':'a zeppelin'}                 | wrong_type /prompt_id",
        "{'prompt':{},'extra_data':{'x':'data:image/png;base64,iVBORw0KGgoAAAANSUhE'}}"
            + " | unclaimed_image /extra_data/x",
        "{'prompt':{},'novelty':'https://a.example/b.png'}      | unclaimed_image /novelty",
        "{'prompt':{'1':{'class_type':'KSampler','novelty':'https://a.example/b.png'}}}"
            + " | unclaimed_image /prompt/1/novelty",
      })
  void refusesWhatReadersTakeDifferently(String json, String expected) {
    assertThat(Samples.outcome(read(json))).isEqualTo(expected);
  }

  @Test
  void sweepsWhatStandsBesideTheGraph() {
    Reading reading = read("{'prompt':{'1':{'novelty':'a zeppelin'}},'more':'of them','n':1}");
    assertThat(Samples.texts(reading))
        .containsExactly("unknown /prompt/1/novelty=a zeppelin", "unknown /more=of them");
    assertThat(((Reading.Parts) reading).swept()).isEqualTo(2);
  }

  @Test
  void everyStringOfAnInputIsATextWhateverTheClass() {
    assertThat(
            texts(
                node(
                    "Some node 🔧",
                    "'a':'first','b':{'c':['second',{'d e':'third'}]},'e':['fourth'],"
                        + "'__value__':['fifth','sixth'],'f':['seventh',1],'g':['9',0,'eighth']")))
        .contains(
            "positive first",
            "positive second",
            "positive third",
            "positive d e",
            "positive fourth",
            "positive fifth",
            "positive sixth",
            "positive seventh",
            "positive eighth");
  }

  @Test
  void aNodesIdAndAnInputsNameAreTextsWhenTheyAreMoreThanNames() {
    assertThat(texts(graph("'a zeppelin':{'class_type':'X','inputs':{'of silver':1}}")))
        .contains("positive a zeppelin", "positive of silver");
    assertThat(texts(graph("'12:7':{'class_type':'X','inputs':{'seed':1}}"))).isEmpty();
  }

  @Test
  void aLinkIsOneOnlyWhenThereIsSuchANode() {
    String link = "'2':{'class_type':'X','inputs':{'a':['zeppelin',0]}}";
    assertThat(texts(graph(link))).containsExactly("positive zeppelin");
    assertThat(texts(graph(link + ",'zeppelin':{'class_type':'Y','inputs':{}}"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ckpt_name      | sd/m-v1.5.safetensors | false",
        "ckpt_name      | a zeppelin            | true",
        "lora_name      | zeppelin              | true",
        "lora_01        | pixel.safetensors     | false",
        "sampler_name   | dpmpp_2m_sde          | false",
        "sampler_name   | a zeppelin            | true",
        "scheduler      | AYS SDXL zeppelin     | true",
        "upscale_method | nearest-exact         | false",
        "filename_prefix| ComfyUI               | false",
        "filename_prefix| zeppelin              | true",
        "text           | dpmpp_2m              | true",
      })
  void namesAndChoicesAreNoTextsWhileTheyLookLikeThem(String input, String value, boolean text) {
    List<String> found = texts(node("Any", "'" + input + "':'" + value + "'"));
    assertThat(found).isEqualTo(text ? List.of("positive " + value) : List.of());
    assertThat(texts(node("CLIPTextEncode", "'" + input + "':'" + value + "'")))
        .containsExactly("positive " + value);
  }

  @Test
  void shortTextsOfOtherScriptsAreTexts() {
    assertThat(texts(node("CLIPTextEncode", "'text':'飞'"))).containsExactly("positive 飞");
    assertThat(texts(node("CLIPTextEncode", "'text':'ab'"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Any|'value':'x.PNG'|not_judged /prompt/1/inputs/value",
        "Any|'value':'some dir/x y.webm'|not_judged /prompt/1/inputs/value",
        "Any|'value':'x [output]'|not_judged /prompt/1/inputs/value",
        "Any|'value':'blake3:0123456789abcdef'|not_judged /prompt/1/inputs/value",
        "Any|'value':'https://a.example/b'|not_judged /prompt/1/inputs/value",
        "Any|'value':'file:///etc/hosts'|not_judged /prompt/1/inputs/value",
        "Any|'value':'a list:\\nhttps://a.example/b'|not_judged /prompt/1/inputs/value",
        "Any|'a':{'b':['http://169.254.169.254/']}|not_judged /prompt/1/inputs/a/b/0",
        "Any|'value':'data:,x'|unclaimed_image /prompt/1/inputs/value",
        "CLIPTextEncode|'text':'data:image/png;base64,iVBORw0KGgoAAAANSUhE'|unclaimed_image"
            + " /prompt/1",
      })
  void refusesFilesAndUrls(String type, String inputs, String expected) {
    assertThat(Samples.outcome(node(type, inputs))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.png", "zeppelin", "cats/x.png [input]"})
  void whatStandsWhereAFileIsNamedIsAReference(String name) {
    Reading reading = node("LoadImage", "'image':'" + name + "'");
    assertThat(texts(reading)).isEmpty();
    assertThat(((Reading.Parts) reading).references())
        .containsExactly(new RefPart(name, "/prompt/1/inputs/image"));
  }

  @Test
  void aPromptIsAPromptWhateverItLooksLike() {
    for (String text : List.of("IMG_1024.png", "https://a.example/b", "model.safetensors")) {
      assertThat(texts(node("CLIPTextEncode", "'text':'" + text + "'")))
          .containsExactly("positive " + text);
    }
  }

  @Test
  void readsTheImagesOfANode() throws BadBase64Exception {
    String uri = "data:image/png;base64," + Samples.PNG;
    for (String image :
        List.of(q(Samples.PNG), q(uri), q(uri.replace("/", "\\/")), "[" + q(uri) + ",0]")) {
      String json = "{\"prompt\":{\"1\":{\"inputs\":{\"image\":" + image + "}}}}";
      byte[] body = json.getBytes(UTF_8);
      Reading reading = read("application/json", body);
      assertThat(Samples.outcome(reading)).isEqualTo("parts");
      List<ImagePart> images = ((Reading.Parts) reading).images();
      assertThat(images).hasSize(1);
      assertThat(images.getFirst().bytes(body).getInt(0)).isEqualTo(0x89504E47);
    }
  }

  private static String q(String text) {
    return '"' + text + '"';
  }

  /** Nobody reads an image as text: so it must be one to its end. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$PNG a zeppelin                            | bad_base64",
        "data:image/png;base64,$PNG and a zeppelin  | bad_base64",
        "zeppelin$RUN                               | unclaimed_image",
        "a picture: data:image/png;base64,$PNG      | unclaimed_image",
        "data:image/svg+xml;base64,$PNG             | declared_type",
      })
  void refusesTextThatHidesInAnImage(String value, String expected) {
    String text = value.replace("$PNG", Samples.PNG).replace("$RUN", "z".repeat(300));
    assertThat(Samples.outcome(node("Any", "'value':'" + text + "'")))
        .isEqualTo(expected + " /prompt/1/inputs/value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LoadImageFromUrl             | true",
        "Load Image From URL          | true",
        "LoadImagesFromURL            | true",
        "ETN_url                      | true",
        "DownloadAndLoadFlorence2Model| true",
        "ExecutePythonNode            | true",
        "Run Script                   | true",
        "Evaluate Strings             | true",
        "HTTP Request                 | true",
        "SendToDiscord                | true",
        "VHS_LoadImagesPath           | true",
        "StringReplace                | true",
        "StringSubstring              | true",
        "RegexReplace                 | true",
        "Text Find and Replace        | true",
        "StringConcatenate            | false",
        "BlurLayer                    | false",
        "TranscriptToText             | false",
        "HighRes-Fix Script           | false",
        "CLIPTextEncode               | false",
        "VAEDecode                    | false",
        "LoadImage                    | false",
      })
  void refusesNodesThatFetchRunOrHide(String type, boolean denied) {
    assertThat(Samples.outcome(node(type, "'seed':1")))
        .isEqualTo(denied ? "denied_node /prompt/1" : "parts");
  }

  @Test
  void aGraphWithoutAnythingToJudgeIsTheServersToRefuse() {
    assertThat(texts(read("{'prompt':{}}"))).isEmpty();
    assertThat(texts(graph("'1':{'class_type':'KSampler','inputs':null},'2':7"))).isEmpty();
  }

  @Test
  void bounds() {
    String many = "'1':{'inputs':{'a':[" + "true,".repeat(200_000) + "1]}}";
    assertThat(Samples.outcome(graph(many))).startsWith("too_many_values");
    String pixels = "'1':{'inputs':{'a':[" + "1,".repeat(2_000) + "1]}}";
    assertThat(Samples.outcome(graph(pixels))).startsWith("unclaimed_image");
    String deep = "'1':{'inputs':{'a':" + "[".repeat(80) + "]".repeat(80) + "}}";
    assertThat(Samples.outcome(graph(deep))).startsWith("too_deep");
    StringBuilder texts = new StringBuilder("'0':{}");
    for (int i = 1; i < 400; i++) {
      texts.append(
          ",'" + i + "':{'class_type':'CLIPTextEncode','inputs':{'text':'text " + i + "'}}");
    }
    assertThat(Samples.outcome(graph(texts.toString()))).startsWith("too_many_values");
    assertThat(Samples.outcome(node("X", "'a':'" + "word ".repeat(7_000) + "'")))
        .startsWith("text_too_long");
  }

  @Test
  void manyLinksAreNoPicture() {
    StringBuilder nodes = new StringBuilder("'0':{'class_type':'EmptyLatentImage'}");
    for (int i = 1; i < 2_000; i++) {
      nodes.append(",'" + i + "':{'class_type':'VAEDecode','inputs':{'samples':['0',0]}}");
    }
    assertThat(texts(graph(nodes.toString()))).isEmpty();
  }
}
