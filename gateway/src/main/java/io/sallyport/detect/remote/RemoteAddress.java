package io.sallyport.detect.remote;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an inference server is and how much it is asked at once.
 *
 * @param url {@code http} or {@code https}, host and port; no path
 * @param authorization the whole value of the header, when there is one; never printed
 * @param trust PEM file of the authority that signed an {@code https} server; none means the JDK's
 * @param connections calls in flight at most, and so connections
 * @param waiting calls that may wait for one; beyond that {@code OVERLOAD}
 * @param connect deadline for opening a connection
 */
public record RemoteAddress(
    URI url,
    Optional<String> authorization,
    Optional<Path> trust,
    int connections,
    int waiting,
    Duration connect) {

  /** A credential never reaches a log by accident. */
  @Override
  public String toString() {
    return "RemoteAddress[" + url + "]";
  }
}
