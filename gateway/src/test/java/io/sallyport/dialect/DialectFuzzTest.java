package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * Every parser of foreign bytes, on any bytes: none throws, and what one accepts holds.
 *
 * <p>In a build the fuzz targets run on their seeds; each is also run here on mutations of seeds.
 */
class DialectFuzzTest {

  private static final String JSON = "application/json";
  private static final Map<String, Dialect> SHIPPED = new ConcurrentHashMap<>();

  @FuzzTest
  void readsAnyRequest(byte[] body) {
    for (Route route : new Route[] {Samples.GENERATE, Samples.MODERATE}) {
      Reading reading =
          Samples.IMAGES.readRequest(route, "application/json", body, ReadLimits.defaults());
      if (reading instanceof Reading.Parts parts) {
        rangesAreInside(parts, body.length);
        assertThat(parts.texts().size() + parts.images().size()).isPositive();
      }
    }
  }

  @FuzzTest
  void readsAnyReply(byte[] body) {
    for (int status : new int[] {200, 400}) {
      for (String type : new String[] {"application/json", "text/html"}) {
        Reading reading = Samples.reply(Samples.GENERATE, status, type, body);
        if (reading instanceof Reading.Parts parts) {
          rangesAreInside(parts, body.length);
        }
      }
    }
  }

  @FuzzTest
  void readsAnyBodyOfAnyDialect(byte[] body) {
    for (String name : Dialects.SHIPPED) {
      Dialect dialect = SHIPPED.computeIfAbsent(name, Dialect::bundled);
      for (Route route : dialect.routes()) {
        if (route.effect() == Effect.GENERATE || route.isOfJobs()) {
          bounded(dialect.readRequest(route, JSON, body, ReadLimits.defaults()), body.length);
          bounded(
              dialect.readReply(route, 200, JSON, body, body.length, ReadLimits.defaults()),
              body.length);
        }
      }
    }
  }

  private static void bounded(Reading reading, int length) {
    if (reading instanceof Reading.Parts parts) {
      rangesAreInside(parts, length);
    }
  }

  /** Where URLs are written anew, the reply stays JSON and no other byte of it changes. */
  @FuzzTest
  void writesUrlsOfAnyReplyAnew(byte[] body) {
    JobWords words = new JobWords("j-1", "http://g", Map.of("owner", "o", "app", "a"));
    for (String name : Dialects.SHIPPED) {
      Dialect dialect = SHIPPED.computeIfAbsent(name, Dialect::bundled);
      for (Route route : dialect.routes()) {
        if (route.editsReplies()
            && dialect.readReply(route, 200, JSON, body, body.length, ReadLimits.defaults())
                instanceof Reading.Parts parts) {
          dialect
              .rewrite(body, body.length, parts.edits(), words)
              .ifPresent(written -> sameButForUrls(body, written, parts.edits()));
        }
      }
    }
  }

  private static void sameButForUrls(byte[] body, byte[] written, List<UrlEdit> edits) {
    int from = 0;
    int at = 0;
    for (UrlEdit edit : edits) {
      int same = edit.start() - from;
      assertThat(Arrays.mismatch(body, from, from + same, written, at, at + same)).isEqualTo(-1);
      at += same;
      assertThat(new String(written, at, "http://g/".length(), US_ASCII)).isEqualTo("http://g/");
      while (written[at] != '"') {
        at++;
      }
      from = edit.end();
    }
    assertThat(Arrays.mismatch(body, from, body.length, written, at, written.length)).isEqualTo(-1);
  }

  @FuzzTest
  void readsAnyQuery(byte[] bytes) {
    String query = new String(bytes, ISO_8859_1);
    QueryRule rule = new QueryRule(Set.of("key"), Set.of("*"), Map.of("skip", "true"));
    if (rule.claims(query)) {
      assertThat(rule.values(query)).isPresent();
      assertThat(rule.claims(rule.sent(query)) || query.length() > 8_000).isTrue();
    }
    PathPattern.split(query)
        .ifPresent(segments -> assertThat(segments).allMatch(it -> !it.isEmpty()));
  }

  @FuzzTest
  void compilesAnyFile(byte[] yaml) {
    Problems problems = new Problems();
    boolean compiled = Dialect.parse("any.yaml", yaml, problems).isPresent();
    assertThat(compiled).isEqualTo(problems.isEmpty());
  }

  @FuzzTest
  void decodesAsTheJdkDoes(byte[] text) {
    ImagePart.Base64 part = new ImagePart.Base64(0, text.length, false, "");
    byte[] expected = new byte[0];
    if (text.length % 4 == 0) {
      try {
        expected = Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        // expected stays empty: both refuse
      }
    }
    assertThat(decoded(text, part)).isEqualTo(expected);
    boolean plain = !new String(text, ISO_8859_1).matches("(?s).*[\\\\\r\n].*");
    if (plain) {
      assertThat(decoded(text, new ImagePart.Base64(0, text.length, true, ""))).isEqualTo(expected);
    }
  }

  @Test
  void staysCalmOnMutatedSeeds() throws IOException {
    byte[] request =
        "{\"prompt\":\"a dog\",\"n\":1,\"a\":{\"b\":[\"on a beach\",null]}}".getBytes(UTF_8);
    byte[] reply =
        ("{\"data\":[{\"b64_json\":\"" + Samples.PNG + "\",\"url\":null}]}").getBytes(UTF_8);
    byte[] moderation =
        ("{\"input\":[{\"image_url\":{\"url\":\"data:image/png;base64," + Samples.PNG + "\"}}]}")
            .getBytes(UTF_8);
    Mutations.run(1, 5_000, request, this::readsAnyRequest);
    Mutations.run(2, 5_000, moderation, this::readsAnyRequest);
    Mutations.run(3, 5_000, reply, this::readsAnyReply);
    Mutations.run(4, 5_000, Samples.PNG.getBytes(US_ASCII), this::decodesAsTheJdkDoes);
    byte[] chat =
        "{\"messages\":[{\"content\":[{\"text\":\"a dog\"}],\"role\":\"user\"}],\"input\":[{\"type\":1}]}"
            .getBytes(UTF_8);
    Mutations.run(6, 500, chat, this::readsAnyBodyOfAnyDialect);
    Mutations.run(7, 5_000, "prompt=a%20dog&key=1&x=%C3%A9".getBytes(UTF_8), this::readsAnyQuery);
    byte[] job =
        ("{\"id\":\"a\",\"request_id\":\"b\",\"polling_url\":\"https://u/v1/get_result?id=a\",\"urls\":"
             + "{\"get\":\"https:\\/\\/u\\/x\"},\"status_url\":\"https://u/o/a/requests/b/status\"}")
            .getBytes(UTF_8);
    Mutations.run(8, 5_000, job, this::writesUrlsOfAnyReplyAnew);
    Mutations.run(5, 150, resource("openai-images.yaml"), this::compilesAnyFile);
  }

  private static byte[] decoded(byte[] text, ImagePart.Base64 part) {
    try {
      return Base64Image.decode(text, part).array();
    } catch (BadBase64Exception e) {
      return new byte[0];
    }
  }

  private static void rangesAreInside(Reading.Parts parts, int length) {
    for (ImagePart part : parts.images()) {
      ImagePart.Base64 image = (ImagePart.Base64) part;
      assertThat(image.start()).isBetween(0, image.end());
      assertThat(image.end()).isBetween(image.start(), length);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Dialect.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
