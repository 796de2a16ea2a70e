package io.sallyport.config;

import io.sallyport.fetch.FetchRules;
import io.sallyport.fetch.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's configuration file as typed records; README.md lists every key.
 *
 * <p>Relative paths are resolved against the folder of the file.
 */
public record GatewayConfig(
    Listen listen,
    Listen admin,
    Upstream upstream,
    Limits limits,
    Streams streams,
    Policies policies,
    Dialects dialects,
    Path models,
    Map<String, DetectorConfig> detectors,
    NativeCodecs nativeCodecs,
    Lane lane,
    int cachedSignals,
    Callers callers,
    Audit audit,
    Duration drain,
    Map<String, Challenger> challengers,
    Fetch fetch,
    References references,
    Jobs jobs) {

  public GatewayConfig {
    detectors = Map.copyOf(detectors);
    challengers = Map.copyOf(challengers);
  }

  /**
   * A port to listen on.
   *
   * @param port 0 lets the system choose
   * @param tls certificate and key; none means plain HTTP
   * @param publicUrl scheme and authority at which clients reach it, where that is another; of the
   *     proxy's port only
   */
  public record Listen(String host, int port, Optional<Tls> tls, Optional<String> publicUrl) {}

  /** PEM files of a server. */
  public record Tls(Path certificate, Path key) {}

  /**
   * The image service behind the gateway.
   *
   * @param url scheme, host and port; no path
   * @param dialect the name of its API
   * @param connections pooled connections at most
   * @param waiting requests that may wait for one at most; beyond that 503
   * @param acquire how long a request may wait for one; beyond that 503
   * @param connect deadline for opening a connection
   * @param firstByte deadline from sending the request to the reply's head
   * @param total deadline for the whole call
   * @param trust PEM file of the authority that signed an https upstream; none means the JDK's
   * @param credential sent as {@code Authorization} in place of the client's, when given
   */
  public record Upstream(
      URI url,
      String dialect,
      int connections,
      int waiting,
      Duration acquire,
      Duration connect,
      Duration firstByte,
      Duration total,
      Optional<Path> trust,
      Optional<Secret> credential) {}

  /**
   * What dialects there are, and what happens to that which they do not claim.
   *
   * @param dir the operator's own, beside those that come with the program
   * @param coverageHeader true when replies tell how much of them was judged
   */
  public record Dialects(Optional<Path> dir, Drift drift, boolean coverageHeader) {}

  /** What becomes of a text at a place that no dialect claims. */
  public enum Drift {
    /** It is judged. */
    JUDGE,
    /** Its request is refused. */
    REFUSE
  }

  /**
   * Every bound of the data path.
   *
   * @param requestBytes a request body at most
   * @param replyBytes a reply body at most
   * @param bufferedBytes all bodies in flight together at most
   * @param exchanges requests in flight at most
   * @param connections open connections of clients at most; one more is closed at once
   * @param headerBytes a request's header fields at most
   * @param textChars one text at most, in UTF-16 units
   * @param images images in one body at most
   * @param depth nesting of JSON at most
   * @param bodyTime deadline for receiving a request's body
   * @param idle a connection without traffic is closed after this
   * @param imageSide pixels of an image's side at most
   * @param imagePixels pixels of an image, all its frames together, at most
   * @param imageAspect an image's longer side by its shorter one, at most
   * @param imageFrames frames of an animation at most
   * @param imageFramesJudged frames of an animation that are judged
   */
  public record Limits(
      long requestBytes,
      long replyBytes,
      long bufferedBytes,
      int exchanges,
      int connections,
      int headerBytes,
      int textChars,
      int images,
      int depth,
      Duration bodyTime,
      Duration idle,
      int imageSide,
      long imagePixels,
      int imageAspect,
      int imageFrames,
      int imageFramesJudged) {}

  /**
   * How replies are passed on that come event by event.
   *
   * @param commitAfter how long the client waits for the reply's head at most; none means until the
   *     first event may leave
   * @param keepalive how often a comment is sent while a client that has the head waits, and how
   *     often the ends of a WebSocket are asked whether they are there
   * @param channels WebSockets open at most
   * @param messageBytes one message of a WebSocket at most
   */
  public record Streams(
      Previews previews,
      Optional<Duration> commitAfter,
      Duration keepalive,
      int channels,
      int messageBytes) {}

  /** What happens to previews of an image that is still to come. */
  public enum Previews {
    /** They go no further. */
    DROP,
    /** They wait, and are judged together with the image. */
    HOLD,
    /** Each is judged as it comes. */
    JUDGE
  }

  /**
   * Where policies are.
   *
   * @param byDefault the policy of callers that name none
   * @param watch true when a changed file is loaded by itself
   */
  public record Policies(Path dir, String byDefault, boolean watch) {}

  /**
   * Whether libraries of the machine decode pictures.
   *
   * @param png libdeflate
   * @param jpeg libjpeg-turbo
   * @param webp libwebp
   * @param avif libavif
   */
  public record NativeCodecs(CodecUse png, CodecUse jpeg, CodecUse webp, CodecUse avif) {}

  /** What the operator says of one library of the machine. */
  public enum CodecUse {
    /** Used when it is there and new enough. */
    AUTO,
    /** Not used. */
    OFF,
    /** Used whatever its version: the operator knows that it is patched. */
    TRUST
  }

  /**
   * The threads that detectors run on.
   *
   * @param threads platform threads
   * @param queue tasks that may wait
   * @param spareThreads threads that hang and are replaced at most
   * @param lostAfter how far beyond its deadline a task hangs
   * @param circuit when a model counts as broken
   * @param promptDeadline for all texts of a request together
   * @param imageDeadline for all images of a body together
   */
  public record Lane(
      int threads,
      int queue,
      Duration promptDeadline,
      Duration imageDeadline,
      int spareThreads,
      Duration lostAfter,
      Circuit circuit) {}

  /**
   * When a model counts as broken, and when it is tried again.
   *
   * @param window its last runs that are looked at
   * @param failures so many of them must have failed
   * @param delay how long it is left alone
   * @param delayMax what that delay doubles up to
   */
  public record Circuit(int window, int failures, Duration delay, Duration delayMax) {}

  /**
   * Who may call.
   *
   * @param header the lower-case header that carries a caller's key; a {@code Bearer } prefix is
   *     stripped
   * @param keys none means one anonymous caller
   * @param subjectHeader a header in which a trusted front end names the end user, when there is
   *     one
   */
  public record Callers(String header, List<CallerKey> keys, Optional<String> subjectHeader) {
    public Callers {
      keys = List.copyOf(keys);
    }
  }

  /**
   * One key of a caller.
   *
   * @param name the caller
   * @param sha256 of the key, 64 lower-case hex digits
   * @param policy what its traffic is judged by
   */
  public record CallerKey(String name, String sha256, String policy) {}

  /**
   * The record.
   *
   * @param dir its folder
   * @param queue events that may wait for the writer
   * @param batch events in one commit at most
   */
  public record Audit(Path dir, int queue, int batch) {}

  /**
   * What is fetched of images that a reply names by URL.
   *
   * @param rules from where
   * @param size one image at most, in bytes
   * @param connections fetches in flight at most; beyond that they are refused
   * @param connect deadline for opening a connection, its TLS included
   * @param firstByte deadline from asking to the answer's head, of each hop
   * @param total deadline for one image, its redirects included
   * @param trust PEM file of the authority that signs those hosts; none means the JDK's
   * @param requests what becomes of URLs of images in requests
   * @param requestHosts whose images come into their place
   */
  public record Fetch(
      FetchRules rules,
      long size,
      int connections,
      Duration connect,
      Duration firstByte,
      Duration total,
      Optional<Path> trust,
      RequestUrls requests,
      List<HostPattern> requestHosts) {
    public Fetch {
      requestHosts = List.copyOf(requestHosts);
    }

    /** The same, for what requests name. */
    public Fetch forRequests() {
      FetchRules own =
          new FetchRules(requestHosts, rules.plainHttp(), rules.ports(), rules.privates());
      return new Fetch(
          own, size, connections, connect, firstByte, total, trust, requests, requestHosts);
    }
  }

  /** What becomes of a request that names an image by URL. */
  public enum RequestUrls {
    /** It is refused. */
    DENY,
    /** The image is fetched, judged, and put into the place of its URL. */
    INLINE
  }

  /**
   * How long it is known whose an uploaded file is, and what was said of it.
   *
   * @param max files at most; beyond that the least recently used is forgotten
   * @param keep a file is forgotten when nobody asked for it so long
   */
  public record References(int max, Duration keep) {}

  /**
   * A version of a detector's model that is asked beside the one in force, for comparison only.
   *
   * @param line in the configuration file, 1-based
   * @param version its digest, or the beginning of one
   * @param share of the requests that it is asked about, above 0 and up to 1
   */
  public record Challenger(int line, String version, double share) {}

  /**
   * Generations that are collected later.
   *
   * @param max remembered at most; beyond, the least recently used is forgotten
   * @param keep one is forgotten when nobody asked for it so long
   */
  public record Jobs(int max, Duration keep) {}
}
