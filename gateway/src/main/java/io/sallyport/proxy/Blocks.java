package io.sallyport.proxy;

import io.sallyport.decide.Decision;
import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.Gate;
import io.sallyport.dialect.JobWords;
import io.sallyport.dialect.Refusal;
import io.sallyport.dialect.Route;
import io.sallyport.dialect.Told;
import io.sallyport.policy.Disclosure;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;

/** Words the refusal of a decision, telling no more than its rules disclose. Pure. */
final class Blocks {
  private static final String MESSAGE =
      "Your request was rejected by the safety system. If you believe this is an error, contact the"
          + " service and name the request id ";

  private Blocks() {}

  static Refusal refusal(
      Dialect dialect, Stage stage, Decision decision, String requestId, JobWords job) {
    Gate gate = stage == Stage.OUTPUT_IMAGE ? Gate.OUTPUT : Gate.INPUT;
    return dialect.refuse(gate, message(requestId), requestId, told(decision), job);
  }

  /**
   * What is answered about a job whose request was refused. The message names the request that was,
   * for that one is on record.
   */
  static Refusal ofJob(
      Dialect dialect, Route route, Job.Refused refused, String requestId, JobWords job) {
    return dialect.refuseJob(
        route, message(refused.requestId()), requestId, told(refused.decision()), job);
  }

  /** What a request is answered with that is refused when its job is asked for. */
  static Refusal deferred(Dialect dialect, String requestId, JobWords job) {
    return dialect.defer(message(requestId), requestId, job);
  }

  /** The same for an image in a stream that has begun: its last event. */
  static byte[] inStream(Dialect dialect, Decision decision, String requestId, JobWords job) {
    return dialect.refuseInStream(message(requestId), requestId, told(decision), job);
  }

  private static String message(String requestId) {
    return MESSAGE + requestId + ".";
  }

  private static Told told(Decision decision) {
    return switch (decision.disclosure()) {
      case Disclosure.NONE -> Told.nothing();
      case Disclosure.GENERIC -> Told.stageOnly();
      case Disclosure.CATEGORY ->
          Told.all(decision.blockedCategories().stream().map(Category::wire).toList());
    };
  }
}
