package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * A whole answer of status 200.
 *
 * @param body JSON, and tensors after it where the server sends them so
 * @param jsonLength bytes of the body that are JSON
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Reply(byte[] body, int jsonLength) {

  /**
   * Looks at status and header fields.
   *
   * @param lengthField the field that tells the length of the JSON
   * @throws UnavailableException for another status, a coded body or a length that cannot be
   */
  static Reply of(HttpResponse<byte[]> response, String lengthField) throws UnavailableException {
    int status = response.statusCode();
    if (status != 200) {
      throw new UnavailableException(meaning(status), "the remote answered status " + status);
    }
    List<String> coding = response.headers().allValues("content-encoding");
    if (!coding.isEmpty() && !coding.equals(List.of("identity"))) {
      throw bad("the answer is coded");
    }
    byte[] body = response.body();
    return new Reply(body, length(response.headers().allValues(lengthField), body.length));
  }

  /** Overload and lateness tell of themselves; every other status is a failure. */
  private static Cause meaning(int status) {
    return switch (status) {
      case 429, 503 -> Cause.OVERLOAD;
      case 408, 504 -> Cause.TIMEOUT;
      default -> Cause.CRASH;
    };
  }

  private static int length(List<String> values, int bodyLength) throws UnavailableException {
    if (values.isEmpty()) {
      return bodyLength;
    }
    String value = values.getFirst();
    if (values.size() > 1 || !value.matches("[0-9]{1,9}") || Integer.parseInt(value) > bodyLength) {
      throw bad("the length of the answer's JSON cannot be");
    }
    return Integer.parseInt(value);
  }

  private static UnavailableException bad(String detail) {
    return new UnavailableException(Cause.BAD_OUTPUT, detail);
  }
}
