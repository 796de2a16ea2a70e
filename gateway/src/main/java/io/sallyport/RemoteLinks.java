package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.remote.RemoteLink;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The links that one set of rules asks over: open until it lets go of them. Filled by one thread;
 * released once, on any.
 */
final class RemoteLinks {
  private final Remotes remotes;
  private final List<Remotes.Open> held = new ArrayList<>();

  RemoteLinks(Remotes remotes) {
    this.remotes = remotes;
  }

  /** The link of a detector to this version of its model; see {@link Remotes#enter}. */
  synchronized Optional<RemoteLink> link(
      String detector, DetectorConfig.Remote remote, RemoteModel model, Problems problems) {
    Optional<Remotes.Open> open = remotes.enter(detector, remote, model, problems);
    open.ifPresent(held::add);
    return open.map(Remotes.Open::link);
  }

  /** Lets go of all of them; what nobody else uses is closed. Never blocks. */
  synchronized void release() {
    held.forEach(open -> open.uses().leave());
    held.clear();
  }
}
