package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** Bodies and short ways to read them. */
final class Samples {
  static final Dialect IMAGES = Dialect.bundled("openai-images");
  static final Dialect MODERATIONS = Dialect.bundled("moderations");
  static final Route GENERATE = route(IMAGES, "POST", "/v1/images/generations");
  static final Route MODELS = route(IMAGES, "GET", "/v1/models");
  static final Route MODERATE = route(MODERATIONS, "POST", "/v1/moderations");

  /** A one-pixel PNG: 70 bytes, 96 characters. */
  static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

  private Samples() {}

  static Route route(Dialect dialect, String method, String path) {
    return ((RouteMatch.Found) dialect.match(method, path)).route();
  }

  static Reading request(String json) {
    return request(GENERATE, json);
  }

  static Reading request(Route route, String json) {
    return IMAGES.readRequest(
        route, "application/json", json.getBytes(UTF_8), ReadLimits.defaults());
  }

  static Reading reply(String json) {
    return reply(GENERATE, 200, "application/json", json.getBytes(UTF_8));
  }

  static Reading reply(Route route, int status, String type, byte[] body) {
    return IMAGES.readReply(route, status, type, body, body.length, ReadLimits.defaults());
  }

  /** {@code defect} or {@code defect where}; {@code parts} when the body is readable. */
  static String outcome(Reading reading) {
    return switch (reading) {
      case Reading.Parts parts -> "parts";
      case Reading.Unreadable(Defect defect, String where) -> (defect.wire() + " " + where).strip();
    };
  }

  /** The texts as {@code role where=value}. */
  static List<String> texts(Reading reading) {
    return ((Reading.Parts) reading)
        .texts().stream()
            .map(text -> text.role().wire() + " " + text.where() + "=" + text.value())
            .toList();
  }

  /** Base64 of that many random bytes. */
  static String base64(int bytes) {
    byte[] image = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(image);
    return Base64.getEncoder().encodeToString(image);
  }
}
