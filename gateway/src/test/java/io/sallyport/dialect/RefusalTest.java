package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RefusalTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void refusesAPromptAsOpenAiDoes() {
    Refusal refusal =
        Samples.IMAGES.refuse(
            Gate.INPUT,
            "Your request was rejected. Request ID r-1.",
            "r-1",
            Told.all(List.of("violence", "hate")));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.headers())
        .isEqualTo(
            Map.of(
                "content-type",
                "application/json",
                "x-request-id",
                "r-1",
                "x-should-retry",
                "false"));
    assertThat(body(refusal))
        .isEqualTo(
            "{\"error\":{\"message\":\"Your request was rejected. Request ID r-1.\","
                + "\"type\":\"image_generation_user_error\",\"param\":null,\"code\":\"moderation_blocked\","
                + "\"moderation_details\":{\"moderation_stage\":\"input\",\"categories\":[\"violence\",\"hate\"]}}}");
  }

  @Test
  void refusesAnImageAsOpenAiDoes() {
    Refusal refusal = Samples.IMAGES.refuse(Gate.OUTPUT, "no", "r-2", Told.stageOnly());
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(body(refusal))
        .isEqualTo(
            "{\"error\":{\"message\":\"no\",\"type\":\"image_generation_user_error\",\"param\":null,"
                + "\"code\":\"moderation_blocked\",\"moderation_details\":{\"moderation_stage\":\"output\"}}}");
  }

  @Test
  void tellsNothingWhenNothingIsDisclosed() {
    String input = body(Samples.IMAGES.refuse(Gate.INPUT, "no", "r-3", Told.nothing()));
    assertThat(input)
        .isEqualTo(
            "{\"error\":{\"message\":\"no\",\"type\":\"image_generation_user_error\",\"param\":null,\"code\":\"moderation_blocked\"}}");
    assertThat(body(Samples.IMAGES.refuse(Gate.OUTPUT, "no", "r-3", Told.nothing())))
        .isEqualTo(input);
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_ROUTE, 404, invalid_request_error, unknown_url, true",
    "UNKNOWN_REFERENCE, 404, invalid_request_error, unknown_reference, true",
    "UNKNOWN_JOB, 404, invalid_request_error, unknown_job, true",
    "ROUTE_DENIED, 403, invalid_request_error, route_denied, true",
    "WRONG_METHOD, 405, invalid_request_error, method_not_supported, true",
    "UNAUTHENTICATED, 401, authentication_error, invalid_api_key, true",
    "UNSUPPORTED_TYPE, 415, invalid_request_error, unsupported_content_type, true",
    "MALFORMED, 400, invalid_request_error, invalid_request, true",
    "BODY_TIMEOUT, 408, invalid_request_error, request_timeout, true",
    "EXPECTATION, 417, invalid_request_error, expectation_failed, true",
    "TOO_LARGE, 413, invalid_request_error, request_too_large, true",
    "UPSTREAM_BAD_REPLY, 502, server_error, upstream_bad_reply, true",
    "UPSTREAM_DOWN, 502, server_error, upstream_unavailable, false",
    "UPSTREAM_TIMEOUT, 504, server_error, upstream_timeout, true",
    "OVERLOADED, 503, server_error, overloaded, false",
    "CHECK_UNAVAILABLE, 503, server_error, check_unavailable, true",
    "RECORD_UNAVAILABLE, 503, server_error, record_unavailable, true",
    "INTERNAL, 500, server_error, internal_error, true",
  })
  void writesErrorsInTheEnvelope(
      ClientError kind, int status, String type, String code, boolean once) {
    Refusal refusal = Samples.IMAGES.error(kind, "what \"is\" wrong", "r-4");
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("x-request-id", "r-4");
    assertThat(refusal.headers().get("x-should-retry")).isEqualTo(once ? "false" : null);
    assertThat(body(refusal))
        .isEqualTo(
            "{\"error\":{\"message\":\"what \\\"is\\\" wrong\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
                .formatted(type, code));
  }

  @ParameterizedTest
  @EnumSource(ClientError.class)
  void everyErrorHasItsOwnRowAbove(ClientError kind) {
    long rows =
        java.util.Arrays.stream(RefusalTest.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(CsvSource.class))
            .flatMap(
                method -> java.util.Arrays.stream(method.getAnnotation(CsvSource.class).value()))
            .filter(row -> row.startsWith(kind + ","))
            .count();
    assertThat(rows).isEqualTo(1);
  }

  @Test
  void tellsWhenToComeBack() {
    assertThat(Samples.IMAGES.error(ClientError.OVERLOADED, "busy", "r").headers())
        .containsEntry("retry-after", "1")
        .containsEntry("retry-after-ms", "500");
    assertThat(Samples.IMAGES.error(ClientError.UNAUTHENTICATED, "who", "r").headers())
        .containsEntry("www-authenticate", "Bearer");
    assertThat(
            Samples.IMAGES
                .error(ClientError.WRONG_METHOD, "no", "r")
                .with("allow", "POST")
                .headers())
        .containsEntry("allow", "POST")
        .containsEntry("x-request-id", "r");
  }

  @Test
  void carriesAnyMessageSafely() {
    long seed = 17;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder message = new StringBuilder("${stage}\\\"\r\n");
      for (int k = random.nextInt(20); k > 0; k--) {
        message.append((char) random.nextInt(0x10000));
      }
      String text = message.toString();
      String expected = new String(text.getBytes(UTF_8), UTF_8);
      JsonNode told =
          JSON.readTree(Samples.IMAGES.refuse(Gate.INPUT, text, "r", Told.stageOnly()).body());
      assertThat(told.at("/error/message").asString())
          .as("seed %d case %d", seed, i)
          .isEqualTo(expected);
      assertThat(told.at("/error/code").asString()).isEqualTo("moderation_blocked");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nx: y", "é"})
  void takesNoRequestIdThatCouldBreakAHeader(String id) {
    assertThatThrownBy(() -> Samples.IMAGES.error(ClientError.INTERNAL, "x", id))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Samples.IMAGES.refuse(Gate.INPUT, "x", id, Told.nothing()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String body(Refusal refusal) {
    return new String(refusal.body(), UTF_8);
  }
}
