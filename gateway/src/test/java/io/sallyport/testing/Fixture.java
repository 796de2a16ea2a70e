package io.sallyport.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One benign request of an image API and what its server answers: a line of {@code dialects.jsonl},
 * with {@code $PNG} for the base64 of each image.
 *
 * <p>{@code a} dialect, {@code e} the route's effect where it is not to generate, {@code m} method,
 * {@code p} path and query; {@code req} JSON, or {@code form} fields and {@code files}; {@code t}
 * texts by role, {@code s} swept texts, {@code i} images of the request; {@code rep} JSON, {@code
 * bytes} or {@code sse} events of the reply, {@code ct} its type, {@code o} its images, {@code l}
 * images that it names by URL; {@code b} the status of a refused request; {@code refused} the
 * defect of one that cannot be judged.
 *
 * @param json the line
 */
public record Fixture(JsonNode json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String BOUNDARY = "fixture-0";

  /** Every line. */
  public static List<String> lines() throws IOException {
    try (InputStream in =
        Fixture.class.getResourceAsStream("/io/sallyport/dialect/dialects.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    }
  }

  /** The fixture of a line with these bytes for every image. */
  public static Fixture of(String line, byte[] image) {
    return new Fixture(
        JSON.readTree(line.replace("$PNG", Base64.getEncoder().encodeToString(image))));
  }

  public String dialect() {
    return text("a");
  }

  public String method() {
    return has("m") ? text("m") : "POST";
  }

  /** Path and query. */
  public String target() {
    return text("p");
  }

  public String text(String key) {
    return json.get(key).asString();
  }

  /** A number; 0 when it is not said. */
  public int count(String key) {
    return json.has(key) ? json.get(key).asInt() : 0;
  }

  public boolean has(String key) {
    return json.has(key);
  }

  public String requestType() {
    return has("form") ? "multipart/form-data; boundary=" + BOUNDARY : "application/json";
  }

  /**
   * The request's body.
   *
   * @param image the content of each file
   */
  public byte[] request(byte[] image) {
    if (!has("form") && !has("req")) {
      return new byte[0];
    }
    if (!has("form")) {
      return json.get("req").toString().getBytes(UTF_8);
    }
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (JsonNode field : json.get("form")) {
      part(form, "\"" + field.get(0).asString() + "\"", field.get(1).asString().getBytes(UTF_8));
    }
    for (JsonNode file : json.get("files")) {
      part(form, "\"" + file.asString() + "\"; filename=\"a.png\"", image);
    }
    form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
    return form.toByteArray();
  }

  private static void part(ByteArrayOutputStream form, String name, byte[] content) {
    String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n";
    form.writeBytes(head.getBytes(UTF_8));
    form.writeBytes(content);
    form.writeBytes("\r\n".getBytes(UTF_8));
  }

  public String replyType() {
    return has("ct") ? text("ct") : has("sse") ? "text/event-stream" : "application/json";
  }

  /** The reply's body. */
  public byte[] reply() {
    if (has("bytes")) {
      return Base64.getDecoder().decode(text("bytes"));
    }
    if (!has("sse")) {
      return json.get("rep").toString().getBytes(UTF_8);
    }
    StringBuilder stream = new StringBuilder();
    for (JsonNode event : json.get("sse")) {
      if (!event.get(0).isNull()) {
        stream.append("event: ").append(event.get(0).asString()).append('\n');
      }
      JsonNode data = event.get(1);
      stream.append("data: ").append(data.isString() ? data.asString() : data).append("\n\n");
    }
    return stream.toString().getBytes(UTF_8);
  }
}
