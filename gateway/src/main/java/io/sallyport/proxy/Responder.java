package io.sallyport.proxy;

import io.sallyport.coding.ContentCoding;
import io.sallyport.dialect.ClientError;
import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.TreeSet;

/** The only writer of answers to clients. Lives on the exchange's event loop. */
final class Responder {
  /** How long a client may go on sending a body that was refused, so that it reads the answer. */
  private static final long LINGER_MILLIS = 500;

  private static final String UNCHECKED_REPLY = "The image service's answer cannot be checked.";

  private static final String UNFETCHED = "An image that the request names cannot be fetched.";

  private final Context context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Duration stall;

  /**
   * @param stall a client that reads nothing of its answer for so long is given up
   */
  Responder(Context context, HttpServerRequest request, Duration stall) {
    this.context = context;
    this.request = request;
    this.response = request.response();
    this.stall = stall;
  }

  /** Sends the upstream's reply untouched but for hop-by-hop header fields and our request id. */
  Future<Void> pass(UpstreamClient.Reply reply, String requestId) {
    response.setStatusCode(reply.status());
    HeaderRules.copyDown(reply.headers(), response.headers());
    response.putHeader(HeaderRules.REQUEST_ID, requestId);
    boolean bodyless = reply.status() == 204 || reply.status() == 304;
    if (reply.trailers().isEmpty()) {
      if (!bodyless) {
        response.putHeader("content-length", Integer.toString(reply.body().length()));
      }
    } else {
      response.setChunked(true);
      HeaderRules.copyDown(reply.trailers(), response.trailers());
    }
    return Bodies.write(context, reply.body(), response, stall);
  }

  /** Sends an answer of the gateway's own. */
  Future<Void> send(Refusal refusal) {
    if (response.ended() || response.closed() || response.headWritten()) {
      return Future.succeededFuture();
    }
    response.setStatusCode(refusal.status());
    refusal.headers().forEach(response::putHeader);
    boolean unread = !request.isEnded();
    if (unread && request.version() != HttpVersion.HTTP_2) {
      response.putHeader("connection", "close");
    }
    Future<Void> sent = response.end(Buffer.buffer(refusal.body()));
    return unread ? sent.onComplete(done -> linger()) : sent;
  }

  /**
   * Ends what cannot be answered any more, so that the client does not take a part for the whole.
   */
  void abort() {
    if (request.version() == HttpVersion.HTTP_2) {
      response.reset(0x2);
    } else {
      request.connection().close();
    }
  }

  /** Lets the client read its answer before the connection closes under the rest of its body. */
  private void linger() {
    if (request.version() == HttpVersion.HTTP_2) {
      response.reset(0x0);
      return;
    }
    if (request.isEnded()) {
      request.connection().close();
      return;
    }
    request.exceptionHandler(thrown -> {});
    request.handler(discarded -> {});
    request.endHandler(end -> request.connection().close());
    request.resume();
    context.owner().setTimer(LINGER_MILLIS, id -> request.connection().close());
  }

  /** The last event of a stream that ends for a reason that is not a verdict. */
  static byte[] lastEvent(Dialect dialect, RefusalReason reason, String requestId) {
    return switch (reason) {
      case TransportReason transport ->
          dialect.errorInStream(transport.error(), transport.message(), requestId);
      case FetchReason fetch -> dialect.errorInStream(fetch.error(), fetch.message(), requestId);
      case RefusalReason.Reply reply ->
          dialect.errorInStream(ClientError.UPSTREAM_BAD_REPLY, UNCHECKED_REPLY, requestId);
      case RefusalReason.RequestUrl url -> dialect.errorInStream(url.error(), UNFETCHED, requestId);
      case RefusalReason.Request request ->
          dialect.errorInStream(
              ClientError.INTERNAL, TransportReason.INTERNAL.message(), requestId);
      case RefusalReason.WrongMethod wrong ->
          dialect.errorInStream(
              ClientError.INTERNAL, TransportReason.INTERNAL.message(), requestId);
    };
  }

  /** What a channel is told when something is withheld for a reason that is not a verdict. */
  static byte[] inChannel(Dialect dialect, RefusalReason reason, String requestId, String job) {
    ClientError error =
        switch (reason) {
          case TransportReason transport -> transport.error();
          case FetchReason fetch -> fetch.error();
          case RefusalReason.Reply reply -> ClientError.UPSTREAM_BAD_REPLY;
          case RefusalReason.RequestUrl url -> url.error();
          case RefusalReason.Request request -> ClientError.INTERNAL;
          case RefusalReason.WrongMethod wrong -> ClientError.INTERNAL;
        };
    String message =
        switch (reason) {
          case TransportReason transport -> transport.message();
          case FetchReason fetch -> fetch.message();
          case RefusalReason.Reply reply -> UNCHECKED_REPLY;
          case RefusalReason.RequestUrl url -> UNFETCHED;
          case RefusalReason.Request request -> TransportReason.INTERNAL.message();
          case RefusalReason.WrongMethod wrong -> TransportReason.INTERNAL.message();
        };
    return dialect.errorInChannel(error, message, requestId, job);
  }

  /** The refusal of the dialect for a reason that is not a verdict. */
  static Refusal refusal(Dialect dialect, RefusalReason reason, String requestId) {
    return switch (reason) {
      case TransportReason transport -> {
        Refusal refusal = dialect.error(transport.error(), transport.message(), requestId);
        yield transport == TransportReason.CONTENT_ENCODING
            ? refusal.with("accept-encoding", ContentCoding.list())
            : refusal;
      }
      case FetchReason fetch -> dialect.error(fetch.error(), fetch.message(), requestId);
      case RefusalReason.WrongMethod(var allowed) ->
          dialect
              .error(ClientError.WRONG_METHOD, "This method is not served here.", requestId)
              .with("allow", String.join(", ", new TreeSet<>(allowed)));
      case RefusalReason.RequestUrl url -> dialect.error(url.error(), UNFETCHED, requestId);
      case RefusalReason.Request(var defect) ->
          dialect.error(Defects.error(defect), Defects.message(defect), requestId);
      case RefusalReason.Reply(var defect) ->
          dialect.error(ClientError.UPSTREAM_BAD_REPLY, UNCHECKED_REPLY, requestId);
    };
  }
}
