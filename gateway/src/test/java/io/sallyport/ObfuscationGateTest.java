package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.demo.StandInImageService;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The promise of issue 2, over HTTP with every shipped detector at work: obfuscations of harmless
 * stand-ins are refused, ordinary prompts are not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObfuscationGateTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private StandInImageService upstream;
  private RealGateway gateway;
  private RealGateway strict;

  @BeforeAll
  void start(@TempDir Path dir, @TempDir Path other) throws Exception {
    upstream = StandInImageService.start("127.0.0.1", 0);
    gateway = RealGateway.demo(dir, upstream.port());
    GatewayFiles files =
        new GatewayFiles(other)
            .terms("{lexicon: stand-ins, labels: {zeppelin: [zeppelin, airship race]}}");
    strict = RealGateway.start(files.config(upstream.port(), ""));
  }

  @AfterAll
  void stop() {
    if (strict != null) {
      strict.close();
    }
    if (gateway != null) {
      gateway.close();
    }
    upstream.close();
  }

  @Test
  void everyObfuscationIsRefusedForWhatItHides() throws Exception {
    List<String> passed = new ArrayList<>();
    List<String> lines = lines("detect/text/obfuscations.txt");
    for (String line : lines) {
      Answer answer = strict.generate(prompt(hidden(line)));
      if (answer.status() != 400 || !categories(answer).equals("[\"stand-in\"]")) {
        passed.add(answer.status() + " " + line);
      }
    }
    assertThat(lines).hasSizeGreaterThan(100);
    assertThat(lines.stream().filter(line -> line.startsWith("two words"))).hasSizeGreaterThan(15);
    assertThat(passed).isEmpty();
  }

  /** The same with the shipped demo policy, whose list has the one word. */
  @Test
  void theDemoRefusesEveryObfuscationOfItsWord() throws Exception {
    List<String> passed = new ArrayList<>();
    List<String> lines =
        lines("detect/text/obfuscations.txt").stream()
            .filter(line -> !line.startsWith("two words"))
            .toList();
    for (String line : lines) {
      Answer answer = gateway.generate(prompt(hidden(line)));
      if (answer.status() != 400 || !categories(answer).contains("stand-in")) {
        passed.add(answer.status() + " " + line + " " + why(answer));
      }
    }
    assertThat(lines).hasSizeGreaterThan(40);
    assertThat(passed).isEmpty();
  }

  @Test
  void noneOfTwoHundredOrdinaryPromptsIsRefused() throws Exception {
    List<String> prompts = lines("detect/text/ordinary-prompts.txt");
    List<String> refused = new ArrayList<>();
    for (String line : prompts) {
      Answer answer = gateway.generate(prompt(line).replaceAll("}$", ",\"size\":\"256x256\"}"));
      if (answer.status() != 200) {
        refused.add(answer.status() + " " + line + " " + why(answer));
      }
    }
    assertThat(prompts).hasSize(200).doesNotHaveDuplicates();
    assertThat(refused).isEmpty();
  }

  /** Short texts lie near everything, and are what people try first. */
  @Test
  void noneOfSomeHundredShortPromptsIsFlagged() throws Exception {
    List<String> prompts = lines("short-prompts.txt");
    List<String> flagged = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += 40) {
      List<String> some = prompts.subList(from, Math.min(prompts.size(), from + 40));
      Answer answer = gateway.moderate(JSON.writeValueAsString(Map.of("input", some)));
      assertThat(answer.json().path("results")).as(answer.text()).hasSameSizeAs(some);
      for (int i = 0; i < some.size(); i++) {
        if (answer.json().get("results").get(i).get("flagged").asBoolean()) {
          flagged.add(some.get(i) + " " + answer.json().get("results").get(i));
        }
      }
    }
    assertThat(prompts).hasSizeGreaterThan(300).doesNotHaveDuplicates();
    assertThat(flagged).isEmpty();
  }

  private String why(Answer answer) {
    return gateway.decisions(answer).getLast().decision().toString();
  }

  private static String categories(Answer answer) {
    return answer.json().path("error").path("moderation_details").path("categories").toString();
  }

  private static String hidden(String line) {
    return JSON.readValue(line.substring(line.indexOf('\t')), String.class);
  }

  private static List<String> lines(String name) throws Exception {
    String resource = "/io/sallyport/" + name;
    try (InputStream in =
        Objects.requireNonNull(ObfuscationGateTest.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .toList();
    }
  }
}
