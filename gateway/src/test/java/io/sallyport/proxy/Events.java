package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.testing.FakeUpstream.Connection;
import java.io.IOException;
import java.util.Base64;

/** Streams of events as an image service writes them. */
final class Events {
  static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
          + "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
  static final String END = "0\r\n\r\n";

  private Events() {}

  static String partial(String image) {
    return event("image_generation.partial_image", image);
  }

  static String completed(String image) {
    return event("image_generation.completed", image);
  }

  /** A text of vLLM-Omni's. */
  static String delta(String text) {
    return "data: {\"object\":\"image.edit.chunk\",\"type\":\"ar_delta\",\"delta\":\""
        + text
        + "\"}\n\n";
  }

  private static String event(String name, String image) {
    String base64 = Base64.getEncoder().encodeToString(image.getBytes(UTF_8));
    return "event: "
        + name
        + "\ndata: {\"type\":\""
        + name
        + "\",\"b64_json\":\""
        + base64
        + "\"}\n\n";
  }

  static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  /** Writes a whole stream, a chunk for each event. */
  static void stream(Connection connection, String... events) throws IOException {
    StringBuilder stream = new StringBuilder(HEAD);
    for (String event : events) {
      stream.append(chunk(event));
    }
    connection.write(stream.append(END).toString());
  }

  /** A request for a stream. */
  static String request() {
    String body = "{\"prompt\":\"a house\",\"stream\":true,\"partial_images\":2}";
    return "POST /v1/images/generations HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
