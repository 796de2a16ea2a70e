package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sallyport.audit.AuditEvent;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data path in front of a service that keeps files as ComfyUI does: by their names, which all of
 * its users share. What is made of a file is asked for by the dialect {@code mini}.
 */
final class KeptFiles implements AutoCloseable {
  static final String PNG = "\u0089PNG\r\n\u001a\n";

  /** SHA-256 of the keys {@code a} and {@code b}. */
  private static final String CALLERS =
      """
      callers:
        header: x-key
        keys:
          - {name: a, key_sha256: ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb}
          - {name: b, key_sha256: 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d}
      """;

  private static final String MINI =
      """
      dialect: mini
      extends: comfyui
      routes:
        - id: make
          match: {method: POST, path: /make, type: application/json}
          effect: generate
          reply: made
          text: [{sel: /prompt, role: positive}]
          images: [{sel: "/{image,images/*}", as: ref}]
      replies:
        made:
          - when: {status: 2xx, type: application/json}
            images: [{sel: "/data/*/b64_json", as: base64}]
      """;

  private static final Pattern FILE =
      Pattern.compile(
          "filename=\"([^\"]*)\"[^\\r]*\\r\\n(?:Content-Type[^\\r]*\\r\\n)?\\r\\n(.*?)\\r\\n--b0",
          Pattern.DOTALL);

  final ProxyHarness gateway;

  /** The service's files by {@code type/subfolder/name}. */
  final Map<String, String> files = new ConcurrentHashMap<>();

  /** What the service makes of a mask and its original. */
  volatile String composite = PNG + "composite";

  KeptFiles(Path dir) throws Exception {
    this(dir, ProxyHarness.POLICY);
  }

  KeptFiles(Path dir, String policy) throws Exception {
    Path dialects = Files.createDirectories(dir.resolve("dialects"));
    Files.writeString(dialects.resolve("mini.yaml"), MINI);
    gateway =
        new ProxyHarness(
            dir,
            "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: mini}\n"
                + "dialects: {dir: dialects}\n"
                + CALLERS,
            policy);
    serveAgain();
  }

  /** Has the service do what it does again, after a script of a test's own. */
  void serveAgain() {
    gateway.upstream.script(this::serve);
  }

  private void serve(FakeUpstream.Received request, FakeUpstream.Connection connection)
      throws Exception {
    String target = request.line().split(" ")[1];
    if (target.contains("/upload/")) {
      upload(request, connection, target.endsWith("/mask"));
    } else if (target.contains("/view?")) {
      view(connection, target.substring(target.indexOf('?') + 1));
    } else if (target.equals("/prompt")) {
      connection.json("{\"prompt_id\":\"p-1\",\"number\":1,\"node_errors\":{}}");
    } else {
      connection.json(ProxyHarness.image("fine"));
    }
  }

  private void upload(
      FakeUpstream.Received request, FakeUpstream.Connection connection, boolean mask)
      throws IOException {
    String body = new String(request.body(), ISO_8859_1);
    Matcher file = FILE.matcher(body);
    if (!file.find()) {
      throw new AssertionError(body);
    }
    String folder = body.contains("name=\"subfolder\"") ? "clipspace" : "";
    String content = mask ? composite : file.group(2);
    files.put("input/" + (folder.isEmpty() ? "" : folder + "/") + file.group(1), content);
    connection.json(
        "{\"name\": \"%s\", \"subfolder\": \"%s\", \"type\": \"input\"}"
            .formatted(file.group(1), folder));
  }

  private void view(FakeUpstream.Connection connection, String query) throws IOException {
    String folder = value(query, "subfolder", "");
    String key =
        value(query, "type", "output")
            + "/"
            + (folder.isEmpty() ? "" : folder + "/")
            + value(query, "filename", "");
    String content = files.get(key + (query.contains("channel=rgb&") ? "#rgb" : ""));
    if (content == null) {
      connection.reply(404, "text/plain", new byte[0]);
    } else {
      connection.reply(200, "image/png", content.getBytes(ISO_8859_1));
    }
  }

  private static String value(String query, String key, String byDefault) {
    for (String pair : query.split("&")) {
      if (pair.startsWith(key + "=")) {
        return pair.substring(key.length() + 1).replace("%20", " ").replace("%2F", "/");
      }
    }
    return byDefault;
  }

  /** Uploads a file named {@code name}; {@code more} are further parts. */
  RawClient.Answer upload(String key, String name, String content, String... more)
      throws IOException {
    return post(key, "/upload/image", name, content, more);
  }

  /** Uploads a mask for a file. */
  RawClient.Answer mask(String key, String name, String original) throws IOException {
    return post(
        key,
        "/upload/mask",
        name,
        PNG + "mask",
        field("subfolder", "clipspace"),
        field("original_ref", "{\"filename\":\"" + original + "\",\"type\":\"input\"}"));
  }

  private RawClient.Answer post(
      String key, String path, String name, String content, String... more) throws IOException {
    return gateway.ask(form(path, "X-Key: " + key, file("image", name, content), more));
  }

  /** Asks for an image of files, by the names that requests use. */
  RawClient.Answer make(String key, String prompt, String... names) throws IOException {
    String json =
        "{\"prompt\":\"" + prompt + "\",\"images\":[\"" + String.join("\",\"", names) + "\"]}";
    return gateway.ask(
        "POST /make HTTP/1.1\r\nHost: g\r\nX-Key: "
            + key
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
  }

  RawClient.Answer view(String key, String query) throws IOException {
    return gateway.ask("GET /view?" + query + " HTTP/1.1\r\nHost: g\r\nX-Key: " + key + "\r\n\r\n");
  }

  static String form(String path, String header, String file, String... more) {
    StringBuilder form = new StringBuilder("--b0\r\n").append(file).append("\r\n");
    for (String part : more) {
      form.append("--b0\r\n").append(part).append("\r\n");
    }
    form.append("--b0--\r\n");
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: g\r\n"
        + header
        + "\r\nContent-Type: multipart/form-data; boundary=b0\r\nContent-Length: "
        + form.length()
        + "\r\n\r\n"
        + form;
  }

  static String file(String field, String name, String content) {
    return "Content-Disposition: form-data; name=\""
        + field
        + "\"; filename=\""
        + name
        + "\"\r\nContent-Type: image/png\r\n\r\n"
        + content;
  }

  static String field(String name, String value) {
    return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
  }

  /** How often the service was asked for something whose target begins so. */
  long asked(String begin) {
    return gateway.upstream.received().stream()
        .filter(it -> it.line().split(" ")[1].startsWith(begin))
        .count();
  }

  /** Every decision of a stage, newest first. */
  List<AuditEvent.Decided> decisions(Stage stage) {
    return gateway.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .filter(it -> it.decision().stage() == stage)
        .toList();
  }

  /** Whether an answer refuses what it names as unknown, in ComfyUI's shape, counted. */
  boolean unknown(RawClient.Answer answer) throws Exception {
    return answer.status() == 404
        && answer.text().contains("unknown_reference")
        && answer.text().contains("node_errors")
        && gateway.counted("sallyport_refusals_total{reason=\"unknown_reference\"}");
  }

  @Override
  public void close() throws Exception {
    gateway.close();
  }
}
