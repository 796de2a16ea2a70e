package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.signal.Stage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not be in the picture is judged only by rules that ask for it. */
class NegativePromptTest {
  private static final String OPTED_IN =
      ProxyHarness.POLICY.replace("stage: prompt", "stage: [prompt, negative_prompt]");

  @TempDir Path dir;

  private static int ask(ProxyHarness harness, String json) throws Exception {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return harness
        .ask(
            "POST /v1/images/generations HTTP/1.1\r\nHost: gateway\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n"
                + new String(body, StandardCharsets.UTF_8))
        .status();
  }

  private static List<AuditEvent.Decided> decisions(ProxyHarness harness) {
    return harness.rows().reversed().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'prompt':'a house','negative_prompt':'bicycle'}                                   | 200
          {'prompt':'a bicycle','negative_prompt':'blurry'}                                  | 400
          {'prompt':'a house','negative_prompt':'bicycle','guidance_scale':7.5}              | 200
          {'prompt':'a house','negative_prompt':'bicycle','guidance_scale':1}                | 200
          {'prompt':'a house','negative_prompt':'bicycle','guidance_scale':0}                | 400
          {'prompt':'a house','negative_prompt':'bicycle','cfg_scale':-7.5}                  | 400
          {'prompt':'a house','negative_prompt':'bicycle','extra_params':{'cfg':'0.5'}}      | 400
          {'cfgScale':'none','prompt':'a house','negative_prompt':'bicycle'}                 | 400
          {'prompt':'a house','negative_prompt':'bicycle','true_cfg_scale':1e-3}             | 400
          {'prompt':'a house','negative_prompt':'bicycle','steps':0}                         | 200
          """)
  void isNotJudgedAsAPromptUnlessTheRequestMakesItOne(String json, int status) throws Exception {
    try (ProxyHarness harness = new ProxyHarness(dir)) {
      assertThat(ask(harness, json)).isEqualTo(status);
      assertThat(decisions(harness))
          .extracting(decided -> decided.decision().stage())
          .doesNotContain(Stage.NEGATIVE_PROMPT);
    }
  }

  @Test
  void isJudgedByRulesThatNameItsStageAndIsOnRecordAsThat() throws Exception {
    try (ProxyHarness harness = new ProxyHarness(dir, "", OPTED_IN)) {
      assertThat(ask(harness, "{'prompt':'a house','negative_prompt':'bicycle'}")).isEqualTo(400);
      assertThat(harness.upstream.received()).isEmpty();
      assertThat(decisions(harness))
          .extracting(
              decided -> decided.decision().stage().wire() + " " + decided.decision().verdict())
          .containsExactly("prompt ALLOW", "negative_prompt BLOCK");
      assertThat(ask(harness, "{'prompt':'a house','negative_prompt':'blurry'}")).isEqualTo(200);
      assertThat(decisions(harness))
          .extracting(decided -> decided.decision().stage().wire())
          .endsWith("prompt", "negative_prompt", "output_image");
    }
  }

  @Test
  void countsAsSeenWhoeverJudgesIt() throws Exception {
    try (ProxyHarness harness = new ProxyHarness(dir, "", OPTED_IN)) {
      ask(harness, "{'prompt':'a house','negative_prompt':'blurry','system_prompt':'be kind'}");
      assertThat(decisions(harness))
          .extracting(decided -> decided.coverage().texts())
          .containsExactly(2, 1, 0);
    }
  }
}
