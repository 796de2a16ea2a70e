package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Graphs of nodes at the first gate, over sockets. */
class ComfyGraphGateTest {
  private static final String ACCEPTED = "{'prompt_id':'p-1','number':1,'node_errors':{}}";

  @TempDir Path dir;

  private static String graph(String nodes) {
    return "{'client_id':'c1','prompt':{" + nodes + "}}";
  }

  private static String text(String text) {
    return "'1':{'class_type':'CLIPTextEncode','inputs':{'text':'" + text + "'}}";
  }

  private static RawClient.Answer prompt(JobHarness api, String nodes) throws Exception {
    return api.answering(ACCEPTED).ask("anna", "POST", "/prompt", graph(nodes));
  }

  @Test
  void aGraphPassesByteForByteAndSoDoesItsReply() throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      for (String path : List.of("/prompt", "/api/prompt")) {
        RawClient.Answer answer =
            api.answering(ACCEPTED).ask("anna", "POST", path, graph(text("a house")));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(ACCEPTED.replace('\'', '"'));
        var received = api.gateway.upstream.received().getLast();
        assertThat(received.line()).isEqualTo("POST " + path + " HTTP/1.1");
        assertThat(received.body())
            .asString(UTF_8)
            .isEqualTo(graph(text("a house")).replace('\'', '"'));
      }
    }
  }

  /** A word that stands in no string of the graph, and in the text that its nodes make. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "400|'1':{'class_type':'CLIPTextEncode','inputs':{'text':'a bicycle'}}",
        "400|'1':{'class_type':'PrimitiveString','inputs':{'value':'a bicy'}},"
            + "'2':{'class_type':'StringConcatenate','inputs':{'string_a':['1',0],'string_b':'cle'}},"
            + "'3':{'class_type':'CLIPTextEncode','inputs':{'text':['2',0]}}",
        "400|'1':{'class_type':'PrimitiveString','inputs':{'value':'a bicy'}},"
            + "'2':{'class_type':'PrimitiveString','inputs':{'value':'cle'}},"
            + "'3':{'class_type':'Of my own','inputs':{'z':['1',0],'a':['2',0]}}",
        "200|'1':{'class_type':'PrimitiveString','inputs':{'value':'a tri'}},"
            + "'2':{'class_type':'StringConcatenate','inputs':{'string_a':['1',0],'string_b':'cle'}}",
        // what must not be in the picture
        "200|'1':{'class_type':'CLIPTextEncode','inputs':{'text':'a"
            + " bicycle'}},'3':{'class_type':'CLIPTextEncode','inputs':{'text':'a house'}},"
            + "'2':{'class_type':'KSampler','inputs':{'positive':['3',0],'negative':['1',0],'cfg':7}}",
        "400|'1':{'class_type':'CLIPTextEncode','inputs':{'text':'a bicycle'}},"
            + "'2':{'class_type':'KSampler','inputs':{'negative':['1',0],'cfg':0}}",
      })
  void aWordThatIsSplitOverTwoNodesIsJudged(int status, String nodes) throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      RawClient.Answer answer = prompt(api, nodes);
      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
      assertThat(api.sent()).isEqualTo(status == 200 ? 1 : 0);
      if (status == 400) {
        assertThat(answer.text())
            .startsWith("{\"error\":{\"type\":\"content_policy_violation\",\"message\":\"Your")
            .endsWith("\"extra_info\":{}},\"node_errors\":{}}");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "denied_node|'1':{'class_type':'LoadImageFromUrl','inputs':{'x':1}}",
        "not_judged|'1':{'class_type':'Mine','inputs':{'x':'https://a.example/b.png'}}",
        "unclaimed_image|'1':{'class_type':'Mine','inputs':{'x':'see"
            + " data:image/png;base64,iVBORw0KGgoAAA'}}",
        "duplicate_key|'1':{},'1':{}",
      })
  void aGraphThatCannotBeJudgedIsRefusedOnRecord(String label, String nodes) throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      RawClient.Answer answer = prompt(api, nodes);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text())
          .startsWith("{\"error\":{\"type\":\"invalid_request\",\"message\":\"The ")
          .endsWith("\"extra_info\":{}},\"node_errors\":{}}");
      assertThat(api.sent()).isZero();
      assertThat(api.gateway.rows()).hasSize(1);
      assertThat(
              api.gateway.counted("sallyport_refusals_total{reason=\"request_" + label + "\"} 1"))
          .isTrue();
    }
  }

  @Test
  void anImageInAGraphIsJudged() throws Exception {
    String node = "'1':{'class_type':'Mine','inputs':{'picture':'$'}}";
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      assertThat(prompt(api, node.replace("$", JobHarness.picture("fine"))).status())
          .isEqualTo(200);
      assertThat(prompt(api, node.replace("$", JobHarness.picture("all red"))).status())
          .isEqualTo(400);
      assertThat(api.sent()).isEqualTo(1);
    }
  }

  /** The server's own example sends JSON as what urllib calls a form. */
  @Test
  void theTypeOfTheBodyIsNoMatterForJson() throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      api.answering(ACCEPTED);
      String body = graph(text("a bicycle")).replace('\'', '"');
      String head =
          "POST /prompt HTTP/1.1\r\nHost: g\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              + "Content-Length: ";
      assertThat(api.gateway.ask(head + body.length() + "\r\n\r\n" + body).status()).isEqualTo(400);
      String fine = body.replace("bicycle", "unicycle");
      assertThat(api.gateway.ask(head + fine.length() + "\r\n\r\n" + fine).status()).isEqualTo(200);
      String html = head.replace("application/x-www-form-urlencoded", "text/html");
      assertThat(api.gateway.ask(html + fine.length() + "\r\n\r\n" + fine).status()).isEqualTo(415);
      assertThat(api.sent()).isEqualTo(1);
    }
  }

  @Test
  void whatAServerOnlyWritesDownIsNeitherJudgedNorRecorded() throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      String extra =
          "{'extra_data':{'api_key_comfy_org':'open sesame','extra_pnginfo':{'note':'a bicycle'}},"
              + "'prompt':{"
              + text("a house")
              + "}}";
      assertThat(api.answering(ACCEPTED).ask("anna", "POST", "/prompt", extra).status())
          .isEqualTo(200);
      for (Path file : files(dir)) {
        assertThat(new String(Files.readAllBytes(file), UTF_8)).doesNotContain("sesame", "a house");
      }
      String hidden = extra.replace("open sesame", JobHarness.picture("fine"));
      assertThat(api.ask("anna", "POST", "/prompt", hidden).status()).isEqualTo(400);
    }
  }

  private static List<Path> files(Path dir) throws Exception {
    try (var all = Files.walk(dir)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void anOperatorSaysWhichNodesThereAre() throws Exception {
    Path folder = Files.createDirectories(dir.resolve("dialects"));
    Files.writeString(
        folder.resolve("mine.yaml"),
        """
        dialect: mine
        extends: comfyui
        graph:
          deny: ["Telephone"]
          except: ["LoadImageFromUrl"]
        """);
    Files.writeString(
        folder.resolve("few.yaml"),
        "dialect: few\nextends: mine\ngraph: {allow: [CLIPTextEncode, Telephone]}\n");
    String more = "dialects: {dir: dialects}\n";
    try (JobHarness api = new JobHarness(dir, "mine", more, ProxyHarness.POLICY)) {
      assertThat(prompt(api, "'1':{'class_type':'Telephone'}").status()).isEqualTo(400);
      assertThat(prompt(api, "'1':{'class_type':'RunPython'}").status()).isEqualTo(400);
      assertThat(prompt(api, "'1':{'class_type':'LoadImageFromUrl'}").status()).isEqualTo(200);
      assertThat(prompt(api, "'1':{'class_type':'VAEDecode'}").status()).isEqualTo(200);
    }
    dir = Files.createDirectories(dir.resolve("second"));
    Files.createDirectories(dir.resolve("dialects"));
    for (String name : List.of("mine.yaml", "few.yaml")) {
      Files.copy(folder.resolve(name), dir.resolve("dialects").resolve(name));
    }
    try (JobHarness api = new JobHarness(dir, "few", more, ProxyHarness.POLICY)) {
      assertThat(prompt(api, text("a house")).status()).isEqualTo(200);
      assertThat(prompt(api, "'1':{'class_type':'VAEDecode'}").status()).isEqualTo(400);
      assertThat(prompt(api, "'1':{'class_type':'Telephone'}").status()).isEqualTo(400);
      assertThat(prompt(api, "'1':{'inputs':{}}").status()).isEqualTo(400);
    }
  }
}
