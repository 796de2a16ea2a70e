package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.audit.AuditEvent;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** A data path in front of an API with jobs, and end users whom a trusted front end names. */
final class JobHarness implements AutoCloseable {
  final ProxyHarness gateway;

  JobHarness(Path dir, String dialect) throws Exception {
    this(dir, dialect, "", ProxyHarness.POLICY);
  }

  JobHarness(Path dir, String dialect, String more, String policy) throws Exception {
    gateway =
        new ProxyHarness(
            dir,
            "callers: {subject_header: x-user}\n"
                + "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: "
                + dialect
                + "}\n"
                + more,
            policy);
  }

  /** A picture as a data URI: the scripted detectors read its text. */
  static String picture(String text) {
    byte[] bytes = ("\u0089PNG\r\n" + (text + " ").repeat(20)).getBytes(UTF_8);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes);
  }

  /** The upstream answers everything so. */
  JobHarness answering(String json) {
    gateway.upstream.script((request, connection) -> connection.json(json.replace('\'', '"')));
    return this;
  }

  /**
   * One request on a connection of its own.
   *
   * @param json the body, with ' for quotes; empty for none
   */
  RawClient.Answer ask(String user, String method, String target, String json, String... headers)
      throws Exception {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    StringBuilder head =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nX-User: " + user + "\r\n");
    boolean host = false;
    for (String header : headers) {
      host |= header.startsWith("Host:");
      head.append(header).append("\r\n");
    }
    head.append(host ? "" : "Host: g\r\n");
    if (body.length > 0) {
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(body.length)
          .append("\r\n");
    }
    try (RawClient client = gateway.client()) {
      return client.send(head + "\r\n").send(body).read();
    }
  }

  /** What was decided, newest first. */
  List<AuditEvent.Decided> decisions() {
    return gateway.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .toList();
  }

  /** Requests that reached the upstream. */
  int sent() {
    return gateway.upstream.received().size();
  }

  @Override
  public void close() throws Exception {
    gateway.close();
  }
}
