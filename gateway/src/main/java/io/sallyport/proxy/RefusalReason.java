package io.sallyport.proxy;

import io.sallyport.dialect.ClientError;
import io.sallyport.dialect.Defect;
import java.util.Set;

/**
 * Why something was refused without a verdict. Sealed: each has one answer and one metric label.
 */
sealed interface RefusalReason
    permits TransportReason,
        FetchReason,
        RefusalReason.WrongMethod,
        RefusalReason.Request,
        RefusalReason.RequestUrl,
        RefusalReason.Reply {
  /** The metric label, also in the record and the log. */
  String label();

  /**
   * The path is claimed, with other methods.
   *
   * @param allowed those that would do
   */
  record WrongMethod(Set<String> allowed) implements RefusalReason {
    public WrongMethod {
      allowed = Set.copyOf(allowed);
    }

    @Override
    public String label() {
      return "wrong_method";
    }
  }

  /** The client's request cannot be read. */
  record Request(Defect defect) implements RefusalReason {
    @Override
    public String label() {
      return "request_" + defect.wire();
    }
  }

  /** An image that the client names by URL cannot be had. */
  record RequestUrl(FetchReason reason) implements RefusalReason {
    @Override
    public String label() {
      return "request_" + reason.label();
    }

    /** How the API spells it: nothing was made yet, but what was named stays as it is. */
    ClientError error() {
      return reason == FetchReason.FETCH_BUSY ? ClientError.OVERLOADED : ClientError.MALFORMED;
    }
  }

  /** The upstream's reply cannot be read, so that it cannot be judged. */
  record Reply(Defect defect) implements RefusalReason {
    @Override
    public String label() {
      return "reply_" + defect.wire();
    }
  }
}
