package io.sallyport.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.SplittableRandom;

/** The making of one answer: equal requests give equal bytes, {@code created} included. */
final class Generation {
  private static final long EPOCH = 1_700_000_000L;

  private final GenerationRequest request;
  private final long seed;

  Generation(GenerationRequest request) {
    this.request = request;
    this.seed = seed(request);
  }

  /**
   * The JSON body.
   *
   * @param delayPerImage waited before each picture, as a model that takes its time
   */
  byte[] answer(Duration delayPerImage) throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
    body.writeBytes(ascii("{\"created\":" + (EPOCH + (seed >>> 40)) + ",\"data\":["));
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < request.count(); i++) {
      Thread.sleep(delayPerImage);
      body.writeBytes(ascii(i == 0 ? "{\"b64_json\":\"" : ",{\"b64_json\":\""));
      body.writeBytes(Base64.getEncoder().encode(picture(seeds.split())));
      body.writeBytes(ascii("\"}"));
    }
    body.writeBytes(
        ascii(
            "],\"output_format\":\"%s\",\"size\":\"%s\"}"
                .formatted(request.encoding().wireName(), request.size())));
    return body.toByteArray();
  }

  private byte[] picture(SplittableRandom random) throws IOException {
    Scene scene = Scene.of(request.prompt(), random);
    return request
        .encoding()
        .encode(Painter.paint(scene, request.width(), request.height(), random));
  }

  /** Of prompt and size, not of format and count: the same picture comes in every format. */
  private static long seed(GenerationRequest request) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ascii(request.size()));
      byte[] digest = sha.digest(request.prompt().getBytes(StandardCharsets.UTF_8));
      long seed = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        seed = seed << 8 | (digest[i] & 0xFF);
      }
      return seed;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
