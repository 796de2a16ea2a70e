package io.sallyport.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that sends exactly the bytes that a test names, and reads whatever comes back. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
  }

  public RawClient send(String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads one answer by its content length or chunks; status 0 when the peer just closed. */
  public Answer read() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        head.write(b);
        last = (last << 8) | b;
        if (last == 0x0d0a0d0a) {
          break;
        }
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("no answer within the time; got: " + head, e);
    } catch (IOException e) {
      return new Answer(0, "", new byte[0]);
    }
    if (head.size() == 0) {
      return new Answer(0, "", new byte[0]);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int status = Integer.parseInt(text.substring(9, 12));
    Answer bare = new Answer(status, text, new byte[0]);
    if (status == 100) {
      return bare;
    }
    String length = bare.header("content-length");
    if (length != null) {
      return new Answer(status, text, in.readNBytes(Integer.parseInt(length)));
    }
    return "chunked".equals(bare.header("transfer-encoding"))
        ? chunks(status, text, in)
        : new Answer(status, text, in.readAllBytes());
  }

  /** Reads the head of an answer that comes in chunks, and leaves these to {@link #chunk}. */
  public Answer head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    int last = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      last = (last << 8) | b;
      if (last == 0x0d0a0d0a) {
        break;
      }
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    return new Answer(Integer.parseInt(text.substring(9, 12)), text, new byte[0]);
  }

  /** Reads the next chunk as text; empty for the last one. */
  public String chunk() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] chunk = in.readNBytes(Integer.parseInt(line(in).strip(), 16));
    line(in);
    return new String(chunk, StandardCharsets.UTF_8);
  }

  /** True when the peer has closed, or closes within the time. */
  public boolean closedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
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

  private static Answer chunks(int status, String head, InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> trailers = new ArrayList<>();
    while (true) {
      int size = Integer.parseInt(line(in).strip(), 16);
      body.write(in.readNBytes(size));
      if (size == 0) {
        String trailer = line(in);
        while (!trailer.isEmpty()) {
          trailers.add(trailer.toLowerCase(Locale.ROOT));
          trailer = line(in);
        }
        return new Answer(status, head, body.toByteArray(), trailers);
      }
      line(in);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** One answer; status 0 stands for a connection that was closed without any. */
  public record Answer(int status, String head, byte[] body, List<String> trailers) {
    Answer(int status, String head, byte[] body) {
      this(status, head, body, List.of());
    }

    /** The first value of a header field, or null. */
    public String header(String name) {
      List<String> values = headers(name);
      return values.isEmpty() ? null : values.get(0);
    }

    public List<String> headers(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }
}
