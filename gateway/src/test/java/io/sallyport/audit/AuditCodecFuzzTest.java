package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AuditCodecFuzzTest {
  @FuzzTest
  void foreign_bytes_are_refused_or_canonical(byte[] bytes) {
    try {
      AuditEvent event = AuditCodec.decode(bytes);
      assertThat(AuditCodec.encode(event)).isEqualTo(bytes);
    } catch (UndecodableEventException declared) {
      // The one way to say no.
    }
  }

  /**
   * What fuzzing without a corpus would hardly come by: deep nesting, endless numbers and names.
   */
  @Test
  void hostile_json_is_refused() {
    String[] hostile = {
      "",
      "{",
      "[".repeat(100_000),
      "{\"v\":" + "1".repeat(100_000) + "}",
      "{\"v\":1,\"kind\":\"" + "x".repeat(500_000) + "\"}",
      "{\"v\":1,\"kind\":\"decided\",\"time\":\"+1000000000-12-31T23:59:59.999999999Z\"",
      "{\"v\":1,\"kind\":\"lifecycle\",\"time\":\"+1000000000-12-31T23:59:59.999999999Z\","
          + "\"action\":\"x\",\"details\":{}}",
      "\ufeff{\"v\":1}",
      "{\"v\":1,\"kind\":\"lifecycle\",\"time\":\"1970-01-01T00:00:00Z\",\"action\":\"\\ud800\","
          + "\"details\":{}}",
    };
    for (String text : hostile) {
      assertThatThrownBy(() -> AuditCodec.decode(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UndecodableEventException.class);
    }
  }
}
