package io.sallyport.testing;

import com.github.luben.zstd.Zstd;
import io.sallyport.coding.ContentCoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Bodies in content codings, as honest encoders write them. */
public final class Coded {
  /** A request for a bicycle, by the encoder of Node 20 at its best: uses brotli's dictionary. */
  public static final byte[] BROTLI_BICYCLE =
      Base64.getDecoder()
          .decode(
              "G3gA4I3UYs0Z7qQ3vN612/so+SB5pHT63ODyQC1JokcZeMHFh42x9XuOViD0Pnsqeok6nnflscxdEKRETs8A"
                  + "9Nv0BNU2e8BZDA==");

  /** What {@link #BROTLI_BICYCLE} says. */
  public static final String BICYCLE =
      "{\"prompt\":\"a bicycle on the beach, a bicycle on the road, photograph of the day,"
          + " information about the different people\"}";

  /** {@code a} 1,048,576 times. */
  private static final byte[] BROTLI_BOMB = Base64.getDecoder().decode("W///j18iLB4LBHLvHwA=");

  private Coded() {}

  /** The text in that coding. */
  public static byte[] in(ContentCoding coding, String text) {
    return in(coding, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes in that coding. Brotli is stored only: there is no encoder of it in Java. */
  public static byte[] in(ContentCoding coding, byte[] plain) {
    return switch (coding) {
      case IDENTITY -> plain.clone();
      case GZIP -> gzip(plain);
      case DEFLATE -> deflate(plain, false);
      case BR -> storedBrotli(plain);
      case ZSTD -> Zstd.compress(plain);
    };
  }

  /** A small body that becomes a megabyte. */
  public static byte[] bomb(ContentCoding coding) {
    return coding == ContentCoding.BR ? BROTLI_BOMB.clone() : in(coding, "a".repeat(1 << 20));
  }

  /** Deflate, in its zlib wrapper or raw. */
  public static byte[] deflate(byte[] plain, boolean raw) {
    try (Deflater deflater = new Deflater(9, raw)) {
      deflater.setInput(plain);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] some = new byte[8 << 10];
      while (!deflater.finished()) {
        out.write(some, 0, deflater.deflate(some));
      }
      return out.toByteArray();
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** RFC 7932 §9.2: a window of 16 bits, uncompressed meta-blocks, and an empty last one. */
  private static byte[] storedBrotli(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < plain.length; from += 1 << 16) {
      int count = Math.min(1 << 16, plain.length - from);
      int bits = (count - 1) << 3 | 1 << 19;
      int head = from == 0 ? bits << 1 : bits;
      out.write(head);
      out.write(head >> 8);
      out.write(head >> 16);
      out.write(plain, from, count);
    }
    out.write(plain.length == 0 ? 0x06 : 0x03);
    return out.toByteArray();
  }
}
