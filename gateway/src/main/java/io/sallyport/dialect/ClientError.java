package io.sallyport.dialect;

/**
 * Why a request gets an error that is no refusal by policy. Closed, because each is a status, a
 * code that clients may switch on, and a metric label.
 *
 * <p>The words are OpenAI's where it has one. SDKs repeat 408, 409, 429 and 5xx up to twice unless
 * {@code x-should-retry: false} is set (api-shapes 2.1), and a repeated generation costs as much as
 * the first: so only errors met before any work, and likely to pass, leave that door open.
 */
public enum ClientError {
  UNKNOWN_ROUTE(404, "invalid_request_error", "unknown_url", false),
  /** A file that this caller has not uploaded, or that is no more what was judged. */
  UNKNOWN_REFERENCE(404, "invalid_request_error", "unknown_reference", false),
  /** No job of this caller's has the id, whoever else's may. */
  UNKNOWN_JOB(404, "invalid_request_error", "unknown_job", false),
  /** A route that the dialect knows and refuses. */
  ROUTE_DENIED(403, "invalid_request_error", "route_denied", false),
  WRONG_METHOD(405, "invalid_request_error", "method_not_supported", false),
  UNAUTHENTICATED(401, "authentication_error", "invalid_api_key", false),
  UNSUPPORTED_TYPE(415, "invalid_request_error", "unsupported_content_type", false),
  MALFORMED(400, "invalid_request_error", "invalid_request", false),
  /** The body did not arrive in time. */
  BODY_TIMEOUT(408, "invalid_request_error", "request_timeout", false),
  /** An {@code Expect} other than {@code 100-continue}. */
  EXPECTATION(417, "invalid_request_error", "expectation_failed", false),
  TOO_LARGE(413, "invalid_request_error", "request_too_large", false),
  /** The upstream answered something that cannot be judged; asking again gives the same shape. */
  UPSTREAM_BAD_REPLY(502, "server_error", "upstream_bad_reply", false),
  /** No connection to the upstream: nothing was generated. */
  UPSTREAM_DOWN(502, "server_error", "upstream_unavailable", true),
  /** The upstream did not answer in time: a repeat would queue behind the work still going on. */
  UPSTREAM_TIMEOUT(504, "server_error", "upstream_timeout", false),
  /** A bound was reached before any work; carries {@code retry-after}. */
  OVERLOADED(503, "server_error", "overloaded", true),
  /** A detector has no answer and the policy does not allow without: not a violation. */
  CHECK_UNAVAILABLE(503, "server_error", "check_unavailable", false),
  /** The decision could not be made durable. */
  RECORD_UNAVAILABLE(503, "server_error", "record_unavailable", false),
  INTERNAL(500, "server_error", "internal_error", false);

  private final int status;
  private final String type;
  private final String code;
  private final boolean retryable;

  ClientError(int status, String type, String code, boolean retryable) {
    this.status = status;
    this.type = type;
    this.code = code;
    this.retryable = retryable;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** OpenAI's kind of error, {@code ${type}} in templates. */
  public String type() {
    return type;
  }

  /** The code that clients switch on and metrics count, {@code ${code}} in templates. */
  public String code() {
    return code;
  }

  /** False when the answer tells SDKs not to repeat the request by themselves. */
  public boolean retryable() {
    return retryable;
  }
}
