package io.sallyport.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An image service whose WebSockets a test scripts message by message. */
public final class FakeComfy implements AutoCloseable {
  /** One WebSocket that a client has opened. */
  public static final class Session {
    private final ServerWebSocket socket;
    private final MultiMap headers;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Short> closed = new LinkedBlockingQueue<>();

    Session(ServerWebSocket socket, MultiMap headers) {
      this.socket = socket;
      this.headers = headers;
      socket.textMessageHandler(received::add);
      socket.binaryMessageHandler(data -> received.add("binary " + data.length()));
      socket.closeHandler(gone -> closed.add(socket.closeStatusCode()));
    }

    public ServerWebSocket socket() {
      return socket;
    }

    public String uri() {
      return socket.uri();
    }

    /** A field of the handshake, or null. */
    public String header(String name) {
      return headers.get(name);
    }

    public Session text(String json) {
      socket.writeTextMessage(json.replace('\'', '"'));
      return this;
    }

    public Session binary(byte[] data) {
      socket.writeBinaryMessage(Buffer.buffer(data));
      return this;
    }

    /** A text message of this type about a job. */
    public Session about(String type, String job) {
      return text("{'type':'" + type + "','data':{'prompt_id':'" + job + "'}}");
    }

    /** The next message of the client's; null when there is none within the time. */
    public String received() throws InterruptedException {
      return received.poll(10, TimeUnit.SECONDS);
    }

    /** The code that the socket was closed with; null when it is not within the time. */
    public Short closed() throws InterruptedException {
      return closed.poll(10, TimeUnit.SECONDS);
    }

    /** False once it is closed. */
    public boolean open() {
      return !socket.isClosed();
    }

    /** False while what was written waits for the other side to read; true when it is closed. */
    public boolean hasRoom() {
      try {
        return !socket.writeQueueFull();
      } catch (IllegalStateException closed) {
        return true;
      }
    }

    /** True while nothing was received. */
    public boolean quiet() {
      return received.isEmpty();
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private volatile Consumer<HttpServerRequest> plain = request -> open(request);
  private volatile Consumer<Session> first = session -> {};

  public FakeComfy() throws Exception {
    this(new HttpServerOptions());
  }

  /**
   * @param options such as those of TLS
   */
  public FakeComfy(HttpServerOptions options) throws Exception {
    server =
        vertx.createHttpServer(
            options.setMaxWebSocketFrameSize(64 << 20).setMaxWebSocketMessageSize(64 << 20));
    server.requestHandler(request -> plain.accept(request));
    server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  public int port() {
    return server.actualPort();
  }

  /** What is done with a request, in place of opening a WebSocket. */
  public void script(Consumer<HttpServerRequest> next) {
    plain = next;
  }

  /** What is done with a WebSocket the moment it is open. */
  public void atFirst(Consumer<Session> next) {
    first = next;
  }

  /** Opens the WebSocket that a request asks for. */
  public void open(HttpServerRequest request) {
    MultiMap headers = request.headers();
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              Session session = new Session(socket, headers);
              first.accept(session);
              sessions.add(session);
            });
  }

  /** The next WebSocket that was opened; null when none is within the time. */
  public Session next() throws InterruptedException {
    return sessions.poll(10, TimeUnit.SECONDS);
  }

  /** How many were opened and not asked for. */
  public int waiting() {
    return sessions.size();
  }

  /** A binary message: a number, another, and an image. */
  public static byte[] image(int event, int format, String image) {
    byte[] bytes = image.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(8 + bytes.length).putInt(event).putInt(format).put(bytes).array();
  }

  /** A binary message: a number, a length, as much of the head, and a rest. */
  public static byte[] counted(int event, String head, String rest) {
    byte[] first = head.getBytes(StandardCharsets.UTF_8);
    byte[] last = rest.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + first.length + last.length)
        .putInt(event)
        .putInt(first.length)
        .put(first)
        .put(last)
        .array();
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
