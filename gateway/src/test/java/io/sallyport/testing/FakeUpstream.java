package io.sallyport.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An image service on a real socket that a test scripts byte by byte: slow, huge, broken or lying.
 * It keeps what it was sent, exactly.
 */
public final class FakeUpstream implements AutoCloseable {
  /** What to do with one request. */
  @FunctionalInterface
  public interface Script {
    /** Writes the reply; may sleep, stop half-way, or close the connection. */
    void answer(Received request, Connection connection) throws Exception;
  }

  /** One request as it came: its head as text and its body, de-chunked. */
  public record Received(String head, byte[] body) {
    /** Values of a header field, in order. */
    public List<String> header(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }

    /** The request line. */
    public String line() {
      return head.lines().findFirst().orElse("");
    }
  }

  /** The socket of one connection, for scripts. */
  public static final class Connection {
    private final Socket socket;

    Connection(Socket socket) {
      this.socket = socket;
    }

    public void write(String latin1) throws IOException {
      write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void write(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /** A whole reply with a content length. */
    public void reply(int status, String type, byte[] body) throws IOException {
      write(
          "HTTP/1.1 "
              + status
              + " X\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      write(body);
    }

    /** A whole JSON reply. */
    public void json(String body) throws IOException {
      reply(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Closes at once, as a killed process would. */
    public void cut() throws IOException {
      socket.close();
    }

    /** Waits until the other side closes; false when it has not within the time. */
    public boolean closedWithin(long millis) throws IOException {
      socket.setSoTimeout((int) millis);
      try {
        return socket.getInputStream().read() < 0;
      } catch (java.net.SocketTimeoutException e) {
        return false;
      } catch (IOException e) {
        return true;
      }
    }
  }

  private final ServerSocket server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Script script;

  public FakeUpstream(Script script) throws IOException {
    this(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), script);
  }

  /** On a socket of the test's own, such as one that speaks TLS. */
  public FakeUpstream(ServerSocket server, Script script) {
    this.script = script;
    this.server = server;
    Thread.ofPlatform().daemon().name("fake-upstream").start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public void script(Script next) {
    script = next;
  }

  /** Every request so far. */
  public List<Received> received() {
    return received;
  }

  /** Connections opened so far. */
  public int connections() {
    return connections.get();
  }

  /** Says that something happened, for {@link #await}. */
  public void event(String name) {
    events.add(name);
  }

  /** Waits for the next event of that name. */
  public boolean await(String name) throws InterruptedException {
    return name.equals(events.poll(5, TimeUnit.SECONDS));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().name("fake-upstream-connection").start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      Connection connection = new Connection(socket);
      while (true) {
        String head = readHead(in);
        if (head.isEmpty()) {
          return;
        }
        Received request = new Received(head, readBody(head, in));
        received.add(request);
        script.answer(request, connection);
        if (socket.isClosed()) {
          return;
        }
      }
    } catch (Exception e) {
      // The gateway hung up: what scripts of broken upstreams are about.
    }
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      last = (last << 8) | b;
      if (last == 0x0d0a0d0a) {
        break;
      }
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] readBody(String head, InputStream in) throws IOException {
    Received only = new Received(head, new byte[0]);
    if (only.header("transfer-encoding").contains("chunked")) {
      return readChunks(in);
    }
    List<String> length = only.header("content-length");
    return length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length.get(0)));
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(readLine(in), 16);
      body.write(in.readNBytes(size));
      readLine(in);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
