package io.sallyport.proxy;

import io.sallyport.Certificate;
import io.sallyport.audit.AuditEvent;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * A data path in front of a service whose replies name images by URL, and a server with TLS that
 * has those images. Names are looked up in a script: by default all are this machine.
 */
final class LinkHarness implements AutoCloseable {
  /** Names in the server's certificate. */
  static final String NAMES = "dns:cdn.example,dns:a.store.example,dns:b.store.example";

  final FakeUpstream cdn;
  final ProxyHarness gateway;
  final List<String> lookups = new CopyOnWriteArrayList<>();
  final List<String> serverNames = new CopyOnWriteArrayList<>();
  private final Map<String, Deque<List<String>>> script = new ConcurrentHashMap<>();

  LinkHarness(Path dir, Certificate certificate) throws Exception {
    this(dir, certificate, "", ProxyHarness.POLICY);
  }

  /**
   * @param more further keys of the section {@code fetch}, each a line of its own
   */
  LinkHarness(Path dir, Certificate certificate, String more, String policy) throws Exception {
    this(dir, certificate, more, policy, "\"127.0.0.1/32\"");
  }

  /**
   * @param privates which private networks may be fetched from
   * @param ports to be asked beside that of the server
   */
  LinkHarness(
      Path dir,
      Certificate certificate,
      String more,
      String policy,
      String privates,
      Integer... ports)
      throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            certificate
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setSNIMatchers(List.of(new Seen(serverNames)));
    socket.setSSLParameters(parameters);
    cdn = new FakeUpstream(socket, (request, connection) -> picture(connection, "fine"));
    String section =
        """
        fetch:
          allow_hosts: [cdn.example, "*.store.example"]
          allow_private: [%s]
          ports: %s
          trust: '%s'
        """
            .formatted(
                privates,
                Stream.concat(Stream.of(cdn.port()), Stream.of(ports)).toList(),
                certificate.certificate());
    gateway = new ProxyHarness(dir, section + more, policy, this::lookUp);
  }

  /** Writes down which server names clients ask for (RFC 6066), and takes them all. */
  private static final class Seen extends SNIMatcher {
    private final List<String> names;

    Seen(List<String> names) {
      super(0);
      this.names = names;
    }

    @Override
    public boolean matches(SNIServerName name) {
      return names.add(new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  static void picture(FakeUpstream.Connection connection, String text) throws IOException {
    connection.reply(200, "image/png", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** The next answers for a name, literals separated by blanks; the last one stays. */
  void answers(String name, String... answers) {
    Deque<List<String>> queue = new ArrayDeque<>();
    Stream.of(answers)
        .map(it -> Arrays.stream(it.split(" ")).filter(one -> !one.isEmpty()).toList())
        .forEach(queue::add);
    script.put(name, queue);
  }

  private Future<List<InetAddress>> lookUp(String name) {
    lookups.add(name);
    Deque<List<String>> queue =
        script.getOrDefault(name, new ArrayDeque<>(List.of(List.of("127.0.0.1"))));
    List<String> answer = queue.size() > 1 ? queue.poll() : queue.peek();
    return Future.succeededFuture(answer.stream().map(InetAddress::ofLiteral).toList());
  }

  /** A URL of the server. */
  String url(String hostAndPath) {
    int slash = hostAndPath.indexOf('/');
    return "https://"
        + hostAndPath.substring(0, slash)
        + ":"
        + cdn.port()
        + hostAndPath.substring(slash);
  }

  /** Asks for images; the service's reply names these. */
  RawClient.Answer generate(String... urls) throws IOException {
    String body = reply(urls);
    gateway.upstream.script((request, connection) -> connection.json(body));
    return gateway.ask(ProxyHarness.generation("a house"));
  }

  static String reply(String... urls) {
    StringBuilder data = new StringBuilder();
    for (String url : urls) {
      data.append(data.isEmpty() ? "" : ",").append("{ \"url\":\"").append(url).append("\"}");
    }
    return "{\"created\":1,\"data\":[" + data + "]}";
  }

  /** Whether an answer refuses for this reason, and the reason was counted and put on record. */
  boolean refused(RawClient.Answer answer, String reason) throws Exception {
    boolean recorded =
        gateway.rows().stream()
            .anyMatch(
                row ->
                    row.event() instanceof AuditEvent.Refused event
                        && event.reason().equals(reason)
                        && event.stage().equals("output_image"));
    int status = reason.equals("fetch_timeout") ? 504 : 502;
    return answer.status() == status
        && "false".equals(answer.header("x-should-retry"))
        && !answer.text().contains("example")
        && recorded
        && gateway.counted("sallyport_refusals_total{reason=\"" + reason + "\"}");
  }

  /** Every decision about images of replies, newest first. */
  List<AuditEvent.Decided> outputs() {
    return gateway.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .filter(it -> it.decision().stage() == io.sallyport.signal.Stage.OUTPUT_IMAGE)
        .toList();
  }

  @Override
  public void close() throws Exception {
    gateway.close();
    cdn.close();
  }
}
