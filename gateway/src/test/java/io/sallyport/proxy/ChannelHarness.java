package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A data path in front of a service that speaks through WebSockets. */
final class ChannelHarness implements AutoCloseable {
  /** Who calls where no key is configured. */
  static final Owner ANYBODY = new Owner("anonymous", "");

  /** What ComfyUI calls the formats of images. */
  static final int PNG = 2;

  static final int JPEG = 1;

  final FakeComfy comfy = new FakeComfy();
  final ProxyHarness gateway;

  /**
   * @param more further YAML of the configuration, top level
   */
  ChannelHarness(Path dir, String more, String policy) throws Exception {
    String upstream =
        "upstream: {url: \"http://127.0.0.1:%d\", dialect: comfyui, first_byte: 3s}\n"
            .formatted(comfy.port());
    gateway = new ProxyHarness(dir, upstream + more, policy);
  }

  /** A client whose WebSocket is open. */
  RawSocket open(String... headers) throws Exception {
    return RawSocket.open(gateway.port, "/ws?clientId=c1", headers);
  }

  /** Somebody without a key has asked for this job. */
  void job(String id) {
    job(ANYBODY, id);
  }

  /** The owner has asked for a job, of whose prompt the gates said this. */
  void job(Owner owner, String id, Signal... signals) {
    Job job = new Job(List.of(signals), Optional.empty());
    assertThat(gateway.path.owned().claim(owner, id, job)).isTrue();
  }

  /** True once so many messages had this result. */
  boolean counted(String direction, String result, int count) throws Exception {
    return gateway.counted(
        "sallyport_channel_messages_total{direction=\"%s\",result=\"%s\"} %d"
            .formatted(direction, result, count));
  }

  /** True once so many refusals had this reason. */
  boolean refused(String label, int count) throws Exception {
    return gateway.counted("sallyport_refusals_total{reason=\"" + label + "\"} " + count);
  }

  /** The decisions about images, newest first. */
  List<AuditEvent.Decided> outputs() {
    return gateway.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .filter(row -> row.decision().stage() == Stage.OUTPUT_IMAGE)
        .toList();
  }

  /** A text message about a job, as {@link FakeComfy.Session#about} writes it. */
  static String json(String type, String job) {
    return "{\"type\":\"" + type + "\",\"data\":{\"prompt_id\":\"" + job + "\"}}";
  }

  @Override
  public void close() throws Exception {
    gateway.close();
    comfy.close();
  }
}
