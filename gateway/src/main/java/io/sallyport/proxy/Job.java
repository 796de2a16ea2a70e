package io.sallyport.proxy;

import io.sallyport.decide.Decision;
import io.sallyport.signal.Signal;
import java.util.List;
import java.util.Optional;

/**
 * A generation that was asked for and is collected later.
 *
 * @param signals what the gates said of its request: rules that look at more than one stage need
 *     them when its images are judged
 * @param refused the decision that refused it, where the API tells a refusal when the job is asked
 *     for; empty when the upstream has it
 */
record Job(List<Signal> signals, Optional<Decision> refused) {
  Job {
    signals = List.copyOf(signals);
  }
}
