package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.testing.FakeUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls, what they are judged by, and which credentials go where. */
class CallersTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";
  private static final String STRICT_KEY = "key-of-the-strict-caller";
  private static final String MILD_KEY = "key-of-the-mild-caller";
  private static final String MILD =
      GatewayFiles.POLICY.replace("verdict: block", "verdict: flag").replace("default", "mild");

  @TempDir Path dir;
  private GatewayFiles files;
  private FakeUpstream upstream;
  private RealGateway gateway;

  @BeforeEach
  void layOut() throws Exception {
    upstream = new FakeUpstream((request, connection) -> connection.json(REPLY));
    files = new GatewayFiles(dir).policy("mild", MILD);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    upstream.close();
  }

  private void start(String header, String more) throws Exception {
    String callers =
        """
        callers:
          header: %s
          subject_header: x-end-user
          keys:
            - {name: shop, key_sha256: %s}
            - {name: studio, key_sha256: %s, policy: mild}
        """
            .formatted(header, sha256(STRICT_KEY), sha256(MILD_KEY));
    gateway = RealGateway.start(files.config(upstream.port(), callers + more));
  }

  private static String sha256(String key) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
  }

  private AuditEvent.Request recorded(Answer answer) {
    return gateway.decisions(answer).getFirst().request();
  }

  @Test
  void aKeyNamesACallerAndItsPolicy() throws Exception {
    start("authorization", "");
    Answer strict = gateway.generate(prompt("a zeppelin"), "authorization", "Bearer " + STRICT_KEY);
    assertThat(strict.status()).isEqualTo(400);
    assertThat(recorded(strict).caller()).isEqualTo("shop");
    Answer mild = gateway.generate(prompt("a zeppelin"), "authorization", "Bearer " + MILD_KEY);
    assertThat(mild.status()).isEqualTo(200);
    assertThat(recorded(mild).caller()).isEqualTo("studio");
    assertThat(gateway.decisions(mild).getFirst().decision().policy()).isEqualTo("mild");
  }

  @Test
  void noKeyAnUnknownKeyAndTwoKeysAreNobody() throws Exception {
    start("authorization", "");
    String json = prompt("a house");
    for (Answer answer :
        new Answer[] {
          gateway.generate(json),
          gateway.generate(json, "authorization", "Bearer somebody-elses-key"),
          gateway.generate(json, "authorization", "Bearer " + sha256(STRICT_KEY)),
          gateway.generate(json, "authorization", "Bearer "),
          gateway.generate(json, "x-api-key", STRICT_KEY),
          gateway.generate(
              json, "authorization", "Bearer " + STRICT_KEY, "authorization", "Bearer " + MILD_KEY),
          gateway.generate(
              json,
              "authorization",
              "Bearer " + STRICT_KEY,
              "authorization",
              "Bearer " + STRICT_KEY),
          gateway.moderate("{\"input\":\"a house\"}"),
          gateway.get(gateway.url() + "/v1/models"),
          gateway.get(gateway.url() + "/v1/elsewhere")
        }) {
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("invalid_api_key");
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
      assertThat(answer.header("x-should-retry")).isEqualTo("false");
      assertThat(answer.requestId()).startsWith("req_");
    }
    assertThat(upstream.received()).isEmpty();
    assertThat(gateway.metric("sallyport_refusals_total", "reason=\"unauthenticated\""))
        .isEqualTo(10);
  }

  @Test
  void theGatewaysKeyDoesNotGoUpstream() throws Exception {
    start("authorization", "");
    gateway.generate(prompt("a house"), "authorization", "Bearer " + STRICT_KEY);
    assertThat(upstream.received().getLast().head()).doesNotContain(STRICT_KEY);
    assertThat(upstream.received().getLast().header("authorization")).isEmpty();
  }

  @Test
  void aKeyInAHeaderOfItsOwnLetsAuthorizationThrough() throws Exception {
    start("x-gateway-key", "");
    Answer answer =
        gateway.generate(
            prompt("a house"), "x-gateway-key", STRICT_KEY, "authorization", "Bearer theirs");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(upstream.received().getLast().header("authorization"))
        .containsExactly("Bearer theirs");
    assertThat(upstream.received().getLast().head()).doesNotContain(STRICT_KEY);
  }

  @Test
  void withoutKeysEverybodyIsAnonymousAndAuthorizationPasses() throws Exception {
    gateway = RealGateway.start(files.config(upstream.port(), ""));
    Answer answer = gateway.generate(prompt("a house"), "authorization", "Bearer theirs");
    assertThat(recorded(answer).caller()).isEqualTo("anonymous");
    assertThat(upstream.received().getLast().header("authorization"))
        .containsExactly("Bearer theirs");
  }

  @Test
  void theUpstreamsCredentialReplacesWhateverAClientSends() throws Exception {
    files.write("credential", "Bearer of-the-upstream\n");
    start(
        "x-gateway-key",
        "upstream: {url: 'http://127.0.0.1:%d', credential_file: credential}\n"
            .formatted(upstream.port()));
    gateway.generate(
        prompt("a house"), "x-gateway-key", STRICT_KEY, "Authorization", "Bearer theirs");
    assertThat(upstream.received().getLast().header("authorization"))
        .containsExactly("Bearer of-the-upstream");
    gateway.get(gateway.url() + "/v1/models", "x-gateway-key", STRICT_KEY);
    assertThat(upstream.received().getLast().header("authorization"))
        .containsExactly("Bearer of-the-upstream");
  }

  /** I6: nothing that a client sends selects a policy or skips a check. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"policy\":\"mild\"",
        "\"moderation\":\"low\"",
        "\"caller\":\"studio\"",
        "\"user\":\"studio\"",
        "\"model\":\"mild\"",
        "\"safety\":false,\"unavailable\":\"allow\""
      })
  void aBodyCannotLoosenThePolicy(String member) throws Exception {
    start("authorization", "");
    Answer answer =
        gateway.generate(
            "{\"prompt\":\"a zeppelin\"," + member + "}", "authorization", "Bearer " + STRICT_KEY);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("moderation_blocked");
    assertThat(gateway.decisions(answer).getFirst().decision().policy()).isEqualTo("default");
  }

  @Test
  void aHeaderCannotLoosenThePolicy() throws Exception {
    start("authorization", "");
    for (String name :
        new String[] {
          "x-policy",
          "x-sallyport-policy",
          "x-caller",
          "x-moderation",
          "x-end-user",
          "openai-organization"
        }) {
      Answer answer =
          gateway.generate(
              prompt("a zeppelin"), "authorization", "Bearer " + STRICT_KEY, name, "mild");
      assertThat(answer.status()).as(name).isEqualTo(400);
      assertThat(recorded(answer).caller()).isEqualTo("shop");
    }
    Answer query =
        gateway.post(
            gateway.url() + "/v1/images/generations?policy=mild",
            prompt("a zeppelin"),
            "authorization",
            "Bearer " + STRICT_KEY);
    assertThat(query.status()).isEqualTo(400);
    assertThat(query.code()).isEqualTo("invalid_request");
  }

  @Test
  void theEndUserIsKnownByAKeyedHashOnly() throws Exception {
    start("authorization", "");
    String key = "Bearer " + STRICT_KEY;
    String byHeader =
        recorded(
                gateway.generate(
                    prompt("a house"), "authorization", key, "x-end-user", "jane@example.org"))
            .subject();
    String byBody =
        recorded(
                gateway.generate(
                    "{\"prompt\":\"a house\",\"user\":\"jane@example.org\"}", "authorization", key))
            .subject();
    String other =
        recorded(
                gateway.generate(
                    "{\"prompt\":\"a house\",\"user\":\"joe@example.org\"}", "authorization", key))
            .subject();
    String nobody = recorded(gateway.generate(prompt("a house"), "authorization", key)).subject();
    assertThat(byHeader).isNotEmpty().isEqualTo(byBody).isNotEqualTo(other);
    assertThat(byHeader).isNotEqualTo(sha256("jane@example.org"));
    assertThat(nobody).isEmpty();
    try (Stream<Path> walk = Files.walk(gateway.recordDir())) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("example.org")
            .doesNotContain(STRICT_KEY);
      }
    }
    assertThat(gateway.metrics()).doesNotContain("example.org").doesNotContain(STRICT_KEY);
  }

  /** A client may name any user; the front end that the operator trusts has the last word. */
  @Test
  void theTrustedHeaderNamesTheEndUserWhateverTheBodySays() throws Exception {
    start("authorization", "");
    String key = "Bearer " + STRICT_KEY;
    Answer plain =
        gateway.generate(prompt("a house"), "authorization", key, "x-end-user", "jane@example.org");
    Answer both =
        gateway.generate(
            "{\"prompt\":\"a house\",\"user\":\"somebody-else\"}",
            "authorization",
            key,
            "x-end-user",
            "jane@example.org");
    assertThat(recorded(both).subject()).isEqualTo(recorded(plain).subject());
  }
}
