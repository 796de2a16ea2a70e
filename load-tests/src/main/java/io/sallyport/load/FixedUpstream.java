package io.sallyport.load;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * An image service that answers from memory, so that it is never what limits a measurement: a real
 * picture of 1024 x 1024 pixels as PNG (some 1.4 MB of JSON) for that size, a tiny body for every
 * other.
 */
public final class FixedUpstream extends VerticleBase {
  static final String LARGE = "1024x1024";
  static final String TINY = "256x256";

  private static final Buffer TINY_ANSWER =
      Buffer.buffer(
          """
          {"created":1700000000,"data":[{"b64_json":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}],"output_format":"png","size":"256x256"}
          """
              .strip());

  private final int port;
  private final Buffer large;

  /**
   * @param large the answer for {@link #LARGE}
   */
  FixedUpstream(int port, Buffer large) {
    this.port = port;
    this.large = large;
  }

  /** Arguments: the port. */
  public static void main(String[] args) throws Exception {
    Buffer large = Buffer.buffer(StandIn.answer("png", LARGE));
    Vertx.vertx().deployVerticle(new FixedUpstream(Integer.parseInt(args[0]), large)).await();
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1");
  }

  private void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              boolean wantsLarge = body.toString().contains(LARGE);
              request
                  .response()
                  .putHeader("content-type", "application/json")
                  .end(wantsLarge ? large.copy() : TINY_ANSWER.copy());
            });
  }
}
