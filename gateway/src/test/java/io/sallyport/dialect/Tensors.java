package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bodies of JSON and the bytes of tensors after it, as tests write them. */
public final class Tensors {
  public static final String LENGTH = "inference-header-content-length";

  private final StringBuilder json = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final String list;

  private Tensors(String list) {
    this.list = list;
  }

  /** The tensors of a request. */
  public static Tensors inputs() {
    return new Tensors("inputs");
  }

  /** The tensors of a reply. */
  public static Tensors outputs() {
    return new Tensors("outputs");
  }

  /** A body as it travels. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Sent(byte[] body, int json) {}

  /** Elements of any length. */
  public Tensors strings(String name, byte[]... elements) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] element : elements) {
      all.writeBytes(i32(element.length));
      all.writeBytes(element);
    }
    return tensor(name, "BYTES", "[" + elements.length + "]", all.toByteArray());
  }

  public Tensors strings(String name, String... elements) {
    return strings(
        name, List.of(elements).stream().map(it -> it.getBytes(UTF_8)).toArray(byte[][]::new));
  }

  public Tensors tensor(String name, String type, String shape, byte[] data) {
    bytes.writeBytes(data);
    return described(
        "{'name':'%s','datatype':'%s','shape':%s,'parameters':{'binary_data_size':%d}}"
            .formatted(name, type, shape, data.length));
  }

  /** An object of the list, with {@code '} for a quote. */
  public Tensors described(String object) {
    json.append(json.isEmpty() ? "" : ",").append(object);
    return this;
  }

  /** More bytes after all. */
  public Tensors rest(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  public Sent sent() {
    byte[] head = ("{'" + list + "':[" + json + "]}").replace('\'', '"').getBytes(UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(head);
    body.writeBytes(bytes.toByteArray());
    return new Sent(body.toByteArray(), head.length);
  }

  public static byte[] i32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  public static byte[] floats(float... values) {
    ByteBuffer all = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      all.putFloat(value);
    }
    return all.array();
  }

  static Reading read(Dialect dialect, Sent sent) {
    return read(dialect, sent.body(), List.of(Integer.toString(sent.json())), List.of());
  }

  /** Reads a request with these values of the header, and of the content type. */
  static Reading read(Dialect dialect, byte[] body, List<String> lengths, List<String> types) {
    Route route = Samples.route(dialect, "POST", "/v2/models/m/infer");
    RequestHead head =
        new RequestHead("/v2/models/m/infer", "", Map.of(LENGTH, lengths, "content-type", types));
    String type = types.isEmpty() ? null : types.getFirst();
    return dialect.readRequest(route, head, type, body, ReadLimits.defaults());
  }

  static Reading reply(Dialect dialect, Sent sent) {
    return reply(
        dialect, sent.body(), List.of(Integer.toString(sent.json())), "application/octet-stream");
  }

  static Reading reply(Dialect dialect, byte[] body, List<String> lengths, String type) {
    Route route = Samples.route(dialect, "POST", "/v2/models/m/infer");
    byte[] padded = java.util.Arrays.copyOf(body, body.length + 7);
    return dialect.readReply(
        route,
        new ReplyHead(200, type, Map.of(LENGTH, lengths)),
        padded,
        body.length,
        ReadLimits.defaults(),
        Room.UNBOUNDED);
  }

  /** What was found: {@code role where=text}, then {@code WHERE: N bytes} of each image. */
  static List<String> found(Reading reading, byte[] body) throws BadBase64Exception {
    if (!(reading instanceof Reading.Parts parts)) {
      return List.of(Samples.outcome(reading));
    }
    List<String> found = new ArrayList<>();
    for (TextPart text : parts.texts()) {
      found.add(text.role().wire() + " " + text.where() + "=" + text.value());
    }
    for (ImagePart image : parts.images()) {
      found.add(image.where() + ": " + image.bytes(body).remaining() + " bytes");
    }
    return found;
  }
}
