package io.sallyport.dialect;

/** The words that Google's APIs give statuses (google.rpc.Code). Pure. */
final class RpcStatus {
  private RpcStatus() {}

  static String of(ClientError kind) {
    return switch (kind) {
      case UNKNOWN_ROUTE, UNKNOWN_JOB, UNKNOWN_REFERENCE -> "NOT_FOUND";
      case WRONG_METHOD -> "UNIMPLEMENTED";
      case ROUTE_DENIED -> "PERMISSION_DENIED";
      case UNAUTHENTICATED -> "UNAUTHENTICATED";
      case UNSUPPORTED_TYPE, MALFORMED, EXPECTATION, TOO_LARGE -> "INVALID_ARGUMENT";
      case BODY_TIMEOUT, UPSTREAM_TIMEOUT -> "DEADLINE_EXCEEDED";
      case UPSTREAM_BAD_REPLY, INTERNAL -> "INTERNAL";
      case UPSTREAM_DOWN, OVERLOADED, CHECK_UNAVAILABLE, RECORD_UNAVAILABLE -> "UNAVAILABLE";
    };
  }
}
