package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One inference server: the connections to it, and the bounds of every call. HTTP/1.1, kept alive;
 * no redirects, no proxy, no decompression, no retry.
 *
 * <p>Owns a few daemon threads on which answers are read and one on which deadlines come. Safe on
 * every thread. Whoever opens it closes it.
 */
final class RemoteServer implements AutoCloseable {
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";
  private static final int READERS_MAX = 4;

  private final RemoteAddress address;
  private final HttpClient client;
  private final ExecutorService readers;
  private final ScheduledThreadPoolExecutor timer;
  private final Places places;

  /**
   * Opens no connection yet.
   *
   * @throws IOException when the authority's file cannot be read
   */
  RemoteServer(String name, RemoteAddress address) throws IOException {
    this.address = address;
    this.places = new Places(address.connections(), address.waiting());
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(address.connect());
    if (address.trust().isPresent()) {
      builder.sslContext(Authority.trusting(address.trust().get()));
    }
    this.readers =
        Executors.newFixedThreadPool(
            Math.min(READERS_MAX, address.connections()),
            Thread.ofPlatform().daemon().name("remote-" + name + "-", 0).factory());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines-remote-" + name).factory());
    timer.setRemoveOnCancelPolicy(true);
    this.client = builder.executor(readers).build();
  }

  /**
   * Asks for a path.
   *
   * @param bytesMax of the answer's body
   * @return the answer of status 200; fails with {@link UnavailableException}, at the deadline at
   *     the latest. Cancelling it ends the call
   */
  CompletableFuture<Reply> get(String path, int bytesMax, long deadlineNanos) {
    return send(request(path, deadlineNanos).GET(), bytesMax, deadlineNanos);
  }

  /** Sends a question, as {@link #get}. */
  CompletableFuture<Reply> post(
      String path, InferRequest question, int bytesMax, long deadlineNanos) {
    BodyPublisher body = BodyPublishers.ofByteArray(question.body());
    HttpRequest.Builder request = request(path, deadlineNanos).POST(body);
    request.header("content-type", question.contentType());
    if (question.jsonLength() != question.body().length) {
      request.header(JSON_LENGTH, Integer.toString(question.jsonLength()));
    }
    return send(request, bytesMax, deadlineNanos);
  }

  private HttpRequest.Builder request(String path, long deadlineNanos) {
    long left = Math.max(1, deadlineNanos - System.nanoTime());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.url().resolve(path)).timeout(Duration.ofNanos(left));
    address.authorization().ifPresent(value -> request.header("authorization", value));
    return request;
  }

  private CompletableFuture<Reply> send(
      HttpRequest.Builder request, int bytesMax, long deadlineNanos) {
    CompletableFuture<Reply> result = new CompletableFuture<>();
    try {
      var deadline =
          timer.schedule(
              () -> result.completeExceptionally(late()),
              deadlineNanos - System.nanoTime(),
              TimeUnit.NANOSECONDS);
      var _ = result.whenComplete((_, _) -> deadline.cancel(false));
      CompletableFuture<Void> turn = places.enter();
      var _ = result.whenComplete((_, _) -> turn.cancel(false));
      var _ = turn.thenRun(() -> go(request.build(), bytesMax, result));
    } catch (UnavailableException e) {
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      result.completeExceptionally(failure(e));
    }
    return result;
  }

  /** It is this call's turn. */
  private void go(HttpRequest request, int bytesMax, CompletableFuture<Reply> result) {
    if (result.isDone()) {
      places.leave();
      return;
    }
    CompletableFuture<HttpResponse<byte[]>> call;
    try {
      call = client.sendAsync(request, head -> new CappedBody(bytesMax));
    } catch (RuntimeException e) {
      places.leave();
      result.completeExceptionally(failure(e));
      return;
    }
    var _ =
        call.whenComplete(
            (response, thrown) -> {
              places.leave();
              answered(result, response, thrown);
            });
    var _ = result.whenComplete((_, _) -> call.cancel(true));
  }

  private static void answered(
      CompletableFuture<Reply> result,
      @Nullable HttpResponse<byte[]> response,
      @Nullable Throwable thrown) {
    if (response == null) {
      result.completeExceptionally(
          failure(thrown == null ? new IllegalStateException("no response") : thrown));
      return;
    }
    try {
      result.complete(Reply.of(response, JSON_LENGTH));
    } catch (UnavailableException e) {
      result.completeExceptionally(e);
    }
  }

  private static UnavailableException late() {
    return new UnavailableException(Cause.TIMEOUT, "the remote has not answered in time");
  }

  private static UnavailableException failure(Throwable thrown) {
    return Failures.of(thrown);
  }

  /** Gauge: calls in flight. */
  int inFlight() {
    return places.inside();
  }

  /** Gauge: calls that wait for their turn. */
  int waiting() {
    return places.waiting();
  }

  /** Ends calls under way. */
  @Override
  public void close() {
    client.shutdownNow();
    readers.shutdownNow();
    timer.shutdownNow();
  }
}
