package io.sallyport.proxy;

import io.sallyport.dialect.ClientError;
import java.util.Locale;

/** Refusals that have nothing to do with what a body says. */
enum TransportReason implements RefusalReason {
  /** {@code GET http://host/path}: the target must be a plain path. */
  ABSOLUTE_FORM(ClientError.MALFORMED, "The request target must be a path."),
  /** None, or more than one, {@code Host}; or one that cannot be written into a URL. */
  HOST(ClientError.MALFORMED, "The request must have exactly one Host."),
  /** A transfer coding other than plain {@code chunked}, or beside a content length. */
  TRANSFER_ENCODING(ClientError.MALFORMED, "The transfer coding is not supported."),
  /** {@code CONNECT}, {@code Upgrade}. */
  UPGRADE(ClientError.MALFORMED, "Upgrades are not supported."),
  /** A WebSocket's handshake that is none, or is missing where one belongs. */
  HANDSHAKE(ClientError.MALFORMED, "This path is served as a WebSocket only (RFC 6455)."),
  /** The name of a channel that is another owner's. */
  CHANNEL_UNKNOWN(ClientError.UNKNOWN_ROUTE, "There is no such client here."),
  /** A header that Netty refused to read. */
  MALFORMED_HEAD(ClientError.MALFORMED, "The request's head is malformed."),
  /** No key, or none that is known. */
  UNAUTHENTICATED(ClientError.UNAUTHENTICATED, "The API key is missing or not known."),
  /** A route that the dialect knows and refuses. */
  ROUTE_DENIED(ClientError.ROUTE_DENIED, "This path is not allowed here."),
  /** A job that does not exist, or is another's: nobody is told which. */
  UNKNOWN_JOB(ClientError.UNKNOWN_JOB, "There is no such job."),
  UNKNOWN_ROUTE(ClientError.UNKNOWN_ROUTE, "This path is not served here."),
  /** A file that this caller has not uploaded, or that may be another by now. */
  UNKNOWN_REFERENCE(ClientError.UNKNOWN_REFERENCE, "The request names a file that is not known."),
  QUERY(ClientError.MALFORMED, "The query is not served here."),
  /** A content coding that is not decoded here, several, or one that is named twice. */
  CONTENT_ENCODING(ClientError.UNSUPPORTED_TYPE, "The content coding is not supported."),
  EXPECTATION(ClientError.EXPECTATION, "The expectation is not supported."),
  REQUEST_TOO_LARGE(ClientError.TOO_LARGE, "The request body is too large."),
  /** The body did not arrive in time. */
  BODY_TIMEOUT(ClientError.BODY_TIMEOUT, "The request body did not arrive in time."),
  EXCHANGES_FULL(ClientError.OVERLOADED, "The service is at its capacity. Try again shortly."),
  CHANNELS_FULL(ClientError.OVERLOADED, "The service is at its capacity. Try again shortly."),
  BUFFER_FULL(ClientError.OVERLOADED, "The service is at its capacity. Try again shortly."),
  DRAINING(ClientError.OVERLOADED, "The service is restarting. Try again shortly."),
  LANE_FULL(ClientError.OVERLOADED, "The service is at its capacity. Try again shortly."),
  UPSTREAM_BUSY(ClientError.OVERLOADED, "The image service is at its capacity. Try again shortly."),
  UPSTREAM_DOWN(ClientError.UPSTREAM_DOWN, "The image service cannot be reached."),
  UPSTREAM_TIMEOUT(ClientError.UPSTREAM_TIMEOUT, "The image service did not answer in time."),
  /** The upstream answered a WebSocket's handshake with something else. */
  UPSTREAM_UPGRADE(
      ClientError.UPSTREAM_BAD_REPLY, "The image service does not open a WebSocket here."),
  /** Work was done and is lost: a client that tries again by itself would have it done again. */
  UPSTREAM_CUT(ClientError.UPSTREAM_BAD_REPLY, "The image service broke off its answer."),
  REPLY_TOO_LARGE(ClientError.UPSTREAM_BAD_REPLY, "The image service's answer is too large."),
  /** A content coding that is not decoded here, though it was not asked for; or several. */
  REPLY_ENCODING(
      ClientError.UPSTREAM_BAD_REPLY, "The image service's answer has an unexpected coding."),
  /** A stream of events that clients could take apart in different ways. */
  REPLY_STREAM(
      ClientError.UPSTREAM_BAD_REPLY, "The image service's stream of events is malformed."),
  /** A message of a WebSocket that breaks its protocol. */
  CHANNEL_PROTOCOL(
      ClientError.UPSTREAM_BAD_REPLY, "The image service's WebSocket breaks its protocol."),
  /** An image that is no image, or of a kind that is not judged. */
  REPLY_IMAGE(
      ClientError.UPSTREAM_BAD_REPLY,
      "The image service's answer holds an image that cannot be read."),
  /** An image of the client's that is no image, or of a kind that is not judged. */
  REQUEST_IMAGE(ClientError.MALFORMED, "The request holds an image that cannot be read."),
  /** Detectors failed before anything was made; a fault that stays is met again at once. */
  CHECK_UNAVAILABLE(ClientError.CHECK_UNAVAILABLE, "The safety checks are unavailable."),
  /** Detectors failed after the image was made: trying again would make it again. */
  OUTPUT_CHECK_UNAVAILABLE(
      ClientError.CHECK_UNAVAILABLE, "The safety checks of the image are unavailable."),
  RECORD_UNAVAILABLE(ClientError.RECORD_UNAVAILABLE, "The record is unavailable."),
  CLIENT_LEFT(ClientError.INTERNAL, "The client left."),
  INTERNAL(ClientError.INTERNAL, "Something went wrong inside the gateway.");

  private final ClientError error;
  private final String message;

  TransportReason(ClientError error, String message) {
    this.error = error;
    this.message = message;
  }

  /** How the API spells it. */
  ClientError error() {
    return error;
  }

  /** What the client is told. */
  String message() {
    return message;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
