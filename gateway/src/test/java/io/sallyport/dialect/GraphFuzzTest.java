package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The reader of graphs, on any bytes: it never throws, and what it accepts holds. */
class GraphFuzzTest {
  private static final Dialect COMFY = Dialect.bundled("comfyui");
  private static final Route PROMPT =
      ((RouteMatch.Found) COMFY.match("POST", "/prompt", "application/json")).route();
  private static final String JSON = "application/json";

  @FuzzTest
  void readsAnyGraph(byte[] body) {
    ReadLimits limits = ReadLimits.defaults();
    Reading reading = COMFY.readRequest(PROMPT, JSON, body, limits);
    if (reading instanceof Reading.Parts parts) {
      assertThat(parts.texts()).hasSizeLessThanOrEqualTo(limits.texts());
      assertThat(parts.texts().stream().mapToInt(text -> text.value().length()).sum())
          .isLessThanOrEqualTo(limits.allTextChars());
      for (ImagePart part : parts.images()) {
        ImagePart.Base64 image = (ImagePart.Base64) part;
        assertThat(image.start()).isBetween(0, image.end());
        assertThat(image.end()).isBetween(image.start(), body.length);
      }
      assertThat(COMFY.readRequest(PROMPT, JSON, body, limits)).isEqualTo(reading);
    }
  }

  @Test
  void staysCalmOnMutatedGraphs() {
    byte[] usual = ("{\"prompt\":{" + GraphReaderTest.USUAL + "}}").getBytes(UTF_8);
    Mutations.run(21, 10_000, usual, this::readsAnyGraph);
    byte[] joined =
        ("{\"client_id\":\"c\",\"prompt\":{\"1\":{\"class_type\":\"A\",\"inputs\":{\"a\":\"zep\",\"b\":[\"2\",0]}},"
             + "\"2\":{\"class_type\":\"B\",\"inputs\":{\"x\":\"pelin\",\"y\":[\"3\",1],\"negative\":[\"1\",0]}},"
             + "\"3\":{\"class_type\":\"C\",\"inputs\":{\"p\":\"data:image/png;base64,"
                + Samples.PNG
                + "\",\"cfg\":[\"2\",0]}}},\"extra_data\":{\"a\":[{\"b\":\"c\"}]}}")
            .getBytes(UTF_8);
    Mutations.run(22, 20_000, joined, this::readsAnyGraph);
  }

  @Test
  void staysCalmOnRandomJsonInEveryPlace() {
    SplittableRandom random = new SplittableRandom(23);
    for (int i = 0; i < 3_000; i++) {
      String json = new String(new RandomJson(random, i % 2 == 0).document(), UTF_8);
      for (String around :
          List.of(
              "$",
              "{\"prompt\":$}",
              "{\"prompt\":{\"1\":$}}",
              "{\"prompt\":{\"1\":{\"class_type\":\"X\",\"inputs\":$}}}",
              "{\"prompt\":{\"1\":{\"class_type\":\"X\",\"inputs\":{\"a\":$}}},\"extra_data\":$}")) {
        readsAnyGraph(around.replace("$", json).getBytes(UTF_8));
      }
    }
  }

  /**
   * A text that is put together over a chain of up to four nodes, of classes that put their inputs
   * together in whatever order, is judged as a whole.
   */
  @Test
  void whatAChainOfNodesMakesIsJudged() {
    SplittableRandom random = new SplittableRandom(24);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder nodes = new StringBuilder();
      String made = piece(random);
      String inner = "\"" + made + "\"";
      int length = 1 + random.nextInt(4);
      for (int node = 1; node <= length; node++) {
        String other = piece(random);
        boolean first = random.nextBoolean();
        List<String> inputs = new ArrayList<>();
        inputs.add("\"" + (random.nextBoolean() ? "a" : "c") + "\":" + inner);
        inputs.add("\"b\":\"" + other + "\"");
        Collections.shuffle(inputs, new Random(random.nextLong()));
        nodes
            .append(nodes.isEmpty() ? "" : ",")
            .append("\"" + node + "\":{\"inputs\":{" + String.join(",", inputs) + "}}");
        made = first ? made + other : other + made;
        inner = "[\"" + node + "\",0]";
      }
      String graph = "{\"prompt\":{" + nodes + "}}";
      Reading reading =
          COMFY.readRequest(PROMPT, JSON, graph.getBytes(UTF_8), ReadLimits.defaults());
      String whole = made;
      assertThat(((Reading.Parts) reading).texts())
          .as(graph)
          .anyMatch(text -> text.value().contains(whole));
    }
  }

  private static String piece(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
