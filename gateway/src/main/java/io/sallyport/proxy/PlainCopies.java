package io.sallyport.proxy;

import io.sallyport.coding.CodingException;
import io.sallyport.coding.CodingException.Flaw;
import io.sallyport.coding.ContentCoding;
import io.sallyport.coding.Decoded;
import io.sallyport.coding.Decoding;
import io.sallyport.dialect.Defect;
import io.vertx.core.Future;

/**
 * Makes the decoded copy of a coded body: the copy is read and judged, the body itself is what
 * passes (I3). Lives on the visit's event loop; decodes on a lane thread, whatever the size, since
 * a small body may become a large one.
 */
final class PlainCopies {
  private static final int ALWAYS_ON_THE_LANE = Integer.MAX_VALUE;

  private final Corridor corridor;
  private final Visit visit;
  private final LaneRead lane;

  PlainCopies(Corridor corridor, Visit visit, LaneRead lane) {
    this.corridor = corridor;
    this.visit = visit;
    this.lane = lane;
  }

  /** The copy of a request's body, as large as a body without a coding may be. */
  Future<Body> ofRequest(Body body, ContentCoding coding) {
    return of(body, coding, corridor.limits().requestBytes()).recover(thrown -> refused(thrown));
  }

  /** The copy of a reply's body, as large as a body without a coding may be. */
  Future<Body> ofReply(Body body, ContentCoding coding) {
    return of(body, coding, corridor.limits().replyBytes()).recover(thrown -> refusedReply(thrown));
  }

  private Future<Body> of(Body body, ContentCoding coding, long cap) {
    if (coding == ContentCoding.IDENTITY || body.length() == 0) {
      return Future.succeededFuture(body);
    }
    BudgetShare share = visit.keep(new BudgetShare(corridor.budget()));
    return lane.read(
        visit.context,
        visit.departure,
        ALWAYS_ON_THE_LANE,
        () -> {
          Decoded plain = Decoding.decode(coding, body.bytes(), body.length(), cap, share::take);
          return new Body(plain.bytes(), plain.length());
        });
  }

  private static Future<Body> refused(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof CodingException coding
            ? new RefusedException(ofRequest(coding.flaw()))
            : thrown);
  }

  private static Future<Body> refusedReply(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof CodingException coding
            ? new RefusedException(ofReply(coding.flaw()))
            : thrown);
  }

  private static RefusalReason ofRequest(Flaw flaw) {
    return switch (flaw) {
      case BROKEN -> new RefusalReason.Request(Defect.BAD_CODING);
      case EXPANSION -> new RefusalReason.Request(Defect.EXPANSION);
      case TOO_LARGE -> TransportReason.REQUEST_TOO_LARGE;
      case NO_ROOM -> TransportReason.BUFFER_FULL;
    };
  }

  private static RefusalReason ofReply(Flaw flaw) {
    return switch (flaw) {
      case BROKEN -> new RefusalReason.Reply(Defect.BAD_CODING);
      case EXPANSION -> new RefusalReason.Reply(Defect.EXPANSION);
      case TOO_LARGE -> TransportReason.REPLY_TOO_LARGE;
      case NO_ROOM -> TransportReason.BUFFER_FULL;
    };
  }
}
