package io.sallyport.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/** An end of a WebSocket that sends exactly the frames that a test names. */
public final class RawSocket implements AutoCloseable {
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /** Of RFC 6455 §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  /** One frame as it came; opcode -1 stands for a connection that was closed without any. */
  public record Frame(int opcode, boolean last, byte[] data) {
    public String text() {
      return new String(data, StandardCharsets.UTF_8);
    }

    /** The code of a close frame; 0 when it has none. */
    public int code() {
      return data.length < 2 ? 0 : ByteBuffer.wrap(data).getShort() & 0xFFFF;
    }
  }

  private final Socket socket;
  private final DataInputStream in;

  /** Connects; the handshake is still to be sent. */
  public RawSocket(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Accepts a connection and the handshake on it. */
  public static RawSocket accept(ServerSocket server) throws Exception {
    server.setSoTimeout(10_000);
    RawSocket raw = new RawSocket(server.accept());
    String key =
        raw.head()
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
            .map(line -> line.substring(18).strip())
            .findFirst()
            .orElseThrow();
    byte[] accepted =
        MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
    return raw.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Base64.getEncoder().encodeToString(accepted)
            + "\r\n\r\n");
  }

  /** Connects and shakes hands, which must succeed. */
  public static RawSocket open(int port, String target, String... headers) throws IOException {
    RawSocket raw = new RawSocket(port);
    raw.send(handshake(target, headers));
    String head = raw.head();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + head);
    }
    return raw;
  }

  /** A handshake as it goes over the wire. */
  public static String handshake(String target, String... headers) {
    StringBuilder head =
        new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: gateway\r\n")
            .append("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n")
            .append("Sec-WebSocket-Version: 13\r\n")
            .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head + "\r\n";
  }

  public RawSocket send(String latin1) throws IOException {
    socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads the head of an answer, without its body. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return head.toString();
      }
      head.append((char) b);
    }
    return head.toString();
  }

  public RawSocket text(String text) throws IOException {
    return frame(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawSocket binary(byte[] data) throws IOException {
    return frame(FINAL | BINARY, data);
  }

  public RawSocket close(int code) throws IOException {
    return frame(FINAL | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
  }

  /**
   * Sends one masked frame.
   *
   * @param first the frame's first byte: flags and opcode
   */
  public RawSocket frame(int first, byte[] data) throws IOException {
    return frame(first, data, true);
  }

  /** Sends one frame, masked or not. */
  public RawSocket frame(int first, byte[] data, boolean masked) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    int mask = masked ? MASKED : 0;
    if (data.length < 126) {
      out.write(mask | data.length);
    } else if (data.length < 1 << 16) {
      out.write(mask | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) data.length).array());
    } else {
      out.write(mask | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(data.length).array());
    }
    byte[] key = {1, 2, 3, 4};
    if (masked) {
      out.writeBytes(key);
    }
    for (int i = 0; i < data.length; i++) {
      out.write(masked ? data[i] ^ key[i % 4] : data[i]);
    }
    socket.getOutputStream().write(out.toByteArray());
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads the next frame that is no ping and no pong. */
  public Frame next() throws IOException {
    Frame frame = any();
    while (frame.opcode() == PING || frame.opcode() == PONG) {
      frame = any();
    }
    return frame;
  }

  /** Reads the next frame, whatever it is. */
  public Frame any() throws IOException {
    try {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      int length = second & ~MASKED;
      long bytes = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
      byte[] key = in.readNBytes((second & MASKED) == 0 ? 0 : 4);
      byte[] data = new byte[(int) bytes];
      in.readFully(data);
      for (int i = 0; i < data.length && key.length > 0; i++) {
        data[i] ^= key[i % 4];
      }
      return new Frame(first & 0xF, (first & FINAL) != 0, data);
    } catch (EOFException e) {
      return new Frame(-1, true, new byte[0]);
    } catch (SocketTimeoutException e) {
      throw new IOException("no frame within the time", e);
    }
  }

  /** Leaves without saying goodbye. */
  public void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
