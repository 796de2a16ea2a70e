package io.sallyport.config;

import io.sallyport.config.GatewayConfig.Audit;
import io.sallyport.config.GatewayConfig.CallerKey;
import io.sallyport.config.GatewayConfig.Callers;
import io.sallyport.config.GatewayConfig.Challenger;
import io.sallyport.config.GatewayConfig.Circuit;
import io.sallyport.config.GatewayConfig.CodecUse;
import io.sallyport.config.GatewayConfig.Dialects;
import io.sallyport.config.GatewayConfig.Drift;
import io.sallyport.config.GatewayConfig.Jobs;
import io.sallyport.config.GatewayConfig.Lane;
import io.sallyport.config.GatewayConfig.Limits;
import io.sallyport.config.GatewayConfig.Listen;
import io.sallyport.config.GatewayConfig.NativeCodecs;
import io.sallyport.config.GatewayConfig.Policies;
import io.sallyport.config.GatewayConfig.Previews;
import io.sallyport.config.GatewayConfig.References;
import io.sallyport.config.GatewayConfig.Streams;
import io.sallyport.config.GatewayConfig.Tls;
import io.sallyport.config.GatewayConfig.Upstream;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the configuration file; unknown keys and duplicate keys are problems. Longer than other
 * files because it spells every key with its bounds and default, in the order of README.md.
 */
public final class ConfigLoader {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern HEADER = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN (RSA |EC )?PRIVATE KEY-----");
  private static final int CACHED_SIGNALS = 100_000;
  private static final Jobs JOBS = new Jobs(20_000, Duration.ofHours(24));
  private static final long MIB = 1 << 20;

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{12,64}");

  private final Path base;

  /** By detector; filled while the detectors are read. */
  private final Map<String, Challenger> challengers = new LinkedHashMap<>();

  private ConfigLoader(Path base) {
    this.base = base;
  }

  /** Reads the file; what is wrong is in {@code problems}, and then the result must not be used. */
  public static Optional<GatewayConfig> read(Path file, Problems problems) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    Path base = parent == null ? Path.of("").toAbsolutePath() : parent;
    return YamlFile.read(file, problems).map(root -> new ConfigLoader(base).config(root.asMap()));
  }

  private GatewayConfig config(YamlMap root) {
    Limits limits = root.get("limits", defaultLimits(), value -> limits(value.asMap()));
    Policies policies =
        root.require(
            "policies", new Policies(base, "default", false), value -> policies(value.asMap()));
    GatewayConfig config =
        new GatewayConfig(
            root.get("listen", listen(8080), value -> proxyListen(value.asMap())),
            root.get("admin", listen(9090), value -> listen(value.asMap(), 9090, Optional.empty())),
            root.require("upstream", noUpstream(), value -> upstream(value.asMap())),
            limits,
            root.get("streams", streams(), value -> streams(value.asMap())),
            policies,
            root.get("dialects", dialects(), value -> dialects(value.asMap())),
            root.get("models", base.resolve("models"), value -> folder(value.asMap())),
            root.get("detectors", Map.of(), value -> detectors(value.asMap())),
            root.get("native_codecs", codecs(), value -> codecs(value.asMap())),
            root.get("lane", lane(), value -> lane(value.asMap())),
            root.get("cache", CACHED_SIGNALS, value -> cache(value.asMap())),
            root.get(
                "callers",
                new Callers("authorization", List.of(), Optional.empty()),
                value -> callers(value.asMap(), policies.byDefault())),
            root.get(
                "audit", new Audit(base.resolve("data"), 8192, 512), value -> audit(value.asMap())),
            root.get("drain", Duration.ofSeconds(20), value -> time(value, 0, 600)),
            challengers,
            root.get(
                "fetch",
                FetchSection.NONE,
                value -> FetchSection.read(value.asMap(), this::certificate)),
            root.get("references", references(), value -> references(value.asMap())),
            root.get("jobs", JOBS, value -> jobs(value.asMap())));
    checkMemory(root.self(), limits);
    root.rejectUnknown();
    return config;
  }

  /** A body is held once as it travels and at most once more decoded. */
  private static void checkMemory(YamlValue root, Limits limits) {
    long least = 2 * (limits.requestBytes() + limits.replyBytes());
    long most = Runtime.getRuntime().maxMemory() / 4 * 3;
    if (limits.bufferedBytes() < least) {
      root.problem("limits.buffered must be at least twice request and reply together: " + least);
    }
    if (limits.bufferedBytes() > most) {
      root.problem(
          "limits.buffered ("
              + limits.bufferedBytes()
              + " bytes) is more than three quarters of the"
              + " heap ("
              + most
              + "): lower limits.request or limits.reply, or give Java more memory"
              + " (SALLYPORT_JAVA_OPTS=-Xmx2g)");
    }
  }

  private Listen listen(int port) {
    return new Listen("127.0.0.1", port, Optional.empty(), Optional.empty());
  }

  private Listen proxyListen(YamlMap map) {
    Optional<String> publicUrl =
        map.get("public_url").map(value -> origin(value).toString().replaceAll("/+$", ""));
    return listen(map, 8080, publicUrl);
  }

  private Listen listen(YamlMap map, int port, Optional<String> publicUrl) {
    Listen listen =
        new Listen(
            map.get("host", "127.0.0.1", YamlValue::asString),
            map.get("port", port, value -> value.asInt(0, 65535)),
            map.get("tls").map(value -> tls(value.asMap())),
            publicUrl);
    map.rejectUnknown();
    return listen;
  }

  private static Jobs jobs(YamlMap map) {
    Jobs jobs =
        new Jobs(
            map.get("max", JOBS.max(), value -> value.asInt(1, 10_000_000)),
            map.get("keep", JOBS.keep(), value -> time(value, 1, 30 * 24 * 3600)));
    map.rejectUnknown();
    return jobs;
  }

  private Tls tls(YamlMap map) {
    Tls tls =
        new Tls(
            map.require("certificate", base, this::certificate),
            map.require("key", base, this::privateKey));
    map.rejectUnknown();
    return tls;
  }

  /** A PEM file of certificates that Java can read. */
  private Path certificate(YamlValue value) {
    Path file = existing(value);
    if (Files.isReadable(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
          value.problem("no certificate in " + file);
        }
      } catch (IOException | CertificateException e) {
        value.problem("not a PEM file of certificates: " + file);
      }
    }
    return file;
  }

  /** A PEM file with an unencrypted private key. */
  private Path privateKey(YamlValue value) {
    Path file = existing(value);
    try {
      if (Files.isReadable(file) && !PRIVATE_KEY.matcher(Files.readString(file)).find()) {
        value.problem("not a PEM file with an unencrypted private key: " + file);
      }
    } catch (IOException e) {
      value.problem("not a PEM file with an unencrypted private key: " + file);
    }
    return file;
  }

  private Upstream noUpstream() {
    return new Upstream(
        URI.create("http://127.0.0.1"),
        "openai-images",
        1,
        0,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Optional.empty(),
        Optional.empty());
  }

  private Upstream upstream(YamlMap map) {
    Upstream upstream =
        new Upstream(
            map.require("url", URI.create("http://127.0.0.1"), ConfigLoader::origin),
            map.get("dialect", "openai-images", ConfigLoader::name),
            map.get("connections", 64, value -> value.asInt(1, 10_000)),
            map.get("waiting", 256, value -> value.asInt(0, 100_000)),
            map.get("acquire", Duration.ofSeconds(10), value -> time(value, 0, 600)),
            map.get("connect", Duration.ofSeconds(2), value -> time(value, 0, 60)),
            map.get("first_byte", Duration.ofSeconds(120), value -> time(value, 0, 3600)),
            map.get("total", Duration.ofSeconds(300), value -> time(value, 0, 7200)),
            map.get("trust").map(this::certificate),
            map.get("credential_file").flatMap(this::credential));
    map.rejectUnknown();
    return upstream;
  }

  private Optional<Secret> credential(YamlValue value) {
    Path file = base.resolve(value.asString());
    try {
      String text = Files.readString(file).strip();
      if (!text.isEmpty()
          && text.length() < 8192
          && text.chars().allMatch(c -> c >= 32 && c < 127)) {
        return Optional.of(new Secret(text));
      }
      value.problem("the file must hold one line of printable ASCII");
    } catch (IOException e) {
      value.problem("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    return Optional.empty();
  }

  private static URI origin(YamlValue value) {
    try {
      URI uri = URI.create(value.asString());
      boolean plain =
          uri.getHost() != null
              && (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"))
              && uri.getQuery() == null
              && uri.getUserInfo() == null
              && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
      if (plain) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below, with the rest of what is not an origin.
    }
    value.problem("expected http://HOST:PORT or https://HOST:PORT without a path");
    return URI.create("http://127.0.0.1");
  }

  private static Limits defaultLimits() {
    long heap = Runtime.getRuntime().maxMemory();
    return new Limits(
        16 * MIB,
        64 * MIB,
        Math.max(160 * MIB, heap / 2),
        512,
        10_000,
        16 << 10,
        32_000,
        64,
        64,
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        16_384,
        64_000_000,
        64,
        16,
        16);
  }

  private Limits limits(YamlMap map) {
    Limits base = defaultLimits();
    Limits limits =
        new Limits(
            map.get("request", base.requestBytes(), value -> value.asBytes(1024, 1024 * MIB)),
            map.get("reply", base.replyBytes(), value -> value.asBytes(1024, 1024 * MIB)),
            map.get("buffered", base.bufferedBytes(), value -> value.asBytes(MIB, MIB << 20)),
            map.get("exchanges", base.exchanges(), value -> value.asInt(1, 100_000)),
            map.get("connections", base.connections(), value -> value.asInt(1, 1_000_000)),
            map.get("headers", base.headerBytes(), v -> (int) v.asBytes(1024, MIB)),
            map.get("text_chars", base.textChars(), value -> value.asInt(1, 1_000_000)),
            map.get("images", base.images(), value -> value.asInt(1, 1024)),
            map.get("depth", base.depth(), value -> value.asInt(4, 64)),
            map.get("body_time", base.bodyTime(), value -> time(value, 0, 3600)),
            map.get("idle", base.idle(), value -> time(value, 1, 3600)),
            map.get("image_side", base.imageSide(), value -> value.asInt(16, 65_535)),
            map.get("image_pixels", base.imagePixels(), v -> v.asLong(256, 1_000_000_000)),
            map.get("image_aspect", base.imageAspect(), value -> value.asInt(1, 65_535)),
            map.get("image_frames", base.imageFrames(), value -> value.asInt(1, 10_000)),
            map.get("image_frames_judged", base.imageFramesJudged(), v -> v.asInt(1, 10_000)));
    map.rejectUnknown();
    return limits;
  }

  private Policies policies(YamlMap map) {
    Policies policies =
        new Policies(
            path(map, "dir"),
            map.get("default", "default", ConfigLoader::name),
            map.get("watch", true, YamlValue::asBoolean));
    map.rejectUnknown();
    return policies;
  }

  private static Dialects dialects() {
    return new Dialects(Optional.empty(), Drift.JUDGE, false);
  }

  private Dialects dialects(YamlMap map) {
    Dialects dialects =
        new Dialects(
            map.get("dir").map(value -> base.resolve(value.asString()).normalize()),
            map.get("drift", Drift.JUDGE, value -> value.asEnum(Drift.class)),
            map.get("coverage_header", false, YamlValue::asBoolean));
    map.rejectUnknown();
    return dialects;
  }

  private Path folder(YamlMap map) {
    Path dir = path(map, "dir");
    map.rejectUnknown();
    return dir;
  }

  private Map<String, DetectorConfig> detectors(YamlMap map) {
    Map<String, DetectorConfig> detectors = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches()) {
            value.problem("a detector's name is " + NAME.pattern());
          }
          detector(name, value).ifPresent(detector -> detectors.put(name, detector));
        });
    return detectors;
  }

  private static Challenger challenger(YamlValue value, YamlMap detector) {
    YamlMap map = value.asMap();
    if (!detector.has("model")) {
      value.problem("only a detector with a model can have a challenger");
    }
    Challenger challenger =
        new Challenger(
            value.line(),
            map.require("version", "?", ConfigLoader::digest),
            map.require("share", 1.0, item -> item.asDouble(0.0001, 1)));
    map.rejectUnknown();
    return challenger;
  }

  private Optional<DetectorConfig> detector(String name, YamlValue value) {
    YamlMap map = value.asMap();
    map.get("challenger").ifPresent(it -> challengers.put(name, challenger(it, map)));
    int line = value.line();
    String kind = map.string("kind");
    Optional<DetectorConfig> detector =
        switch (kind) {
          case "lexicon" -> Optional.of(new DetectorConfig.Lexicon(line, file(map, "file")));
          case "concepts" ->
              Optional.of(
                  new DetectorConfig.Concepts(
                      line, map.require("model", "?", ConfigLoader::model), file(map, "file")));
          case "image-concepts" ->
              Optional.of(
                  new DetectorConfig.ImageConcepts(
                      line, map.require("model", "?", ConfigLoader::model), file(map, "file")));
          case "head" ->
              Optional.of(
                  new DetectorConfig.Head(line, map.require("model", "?", ConfigLoader::model)));
          case "text-classifier" ->
              Optional.of(
                  new DetectorConfig.TextClassifier(
                      line, map.require("model", "?", ConfigLoader::model)));
          case "image-classifier" ->
              Optional.of(
                  new DetectorConfig.ImageClassifier(
                      line, map.require("model", "?", ConfigLoader::model)));
          case "remote" -> Optional.of(remote(line, map));
          case "object-detector" ->
              Optional.of(
                  new DetectorConfig.ObjectDetector(
                      line, map.require("model", "?", ConfigLoader::model)));
          case String other -> Optional.empty();
        };
    if (detector.isEmpty()) {
      value.problem(
          "kind must be lexicon, concepts, text-classifier, image-classifier, object-detector,"
              + " image-concepts, head or remote");
    } else {
      map.rejectUnknown();
    }
    return detector;
  }

  private DetectorConfig.Remote remote(int line, YamlMap map) {
    return new DetectorConfig.Remote(
        line,
        map.require("model", "?", ConfigLoader::model),
        map.require("url", URI.create("http://127.0.0.1"), ConfigLoader::origin),
        map.get("trust").map(this::certificate),
        map.get("credential_file").flatMap(this::credential),
        map.get("connections", 8, value -> value.asInt(1, 1000)),
        map.get("waiting", 256, value -> value.asInt(0, 100_000)),
        map.get("connect", Duration.ofSeconds(2), value -> time(value, 0, 60)));
  }

  private static Streams streams() {
    return new Streams(Previews.DROP, Optional.empty(), Duration.ofSeconds(10), 1000, 64 << 20);
  }

  private static Streams streams(YamlMap map) {
    Streams base = streams();
    Streams streams =
        new Streams(
            map.get("previews", base.previews(), value -> value.asEnum(Previews.class)),
            map.get("commit_after").map(value -> time(value, 0, 600)),
            map.get("keepalive", base.keepalive(), value -> time(value, 0, 600)),
            map.get("channels", base.channels(), value -> value.asInt(0, 100_000)),
            (int)
                map.get(
                        "message",
                        (long) base.messageBytes(),
                        value -> value.asBytes(64 << 10, 1 << 30))
                    .longValue());
    map.rejectUnknown();
    return streams;
  }

  private static References references() {
    return new References(20_000, Duration.ofHours(24));
  }

  private static References references(YamlMap map) {
    References base = references();
    References references =
        new References(
            map.get("max", base.max(), value -> value.asInt(1, 10_000_000)),
            map.get("keep", base.keep(), value -> time(value, 1, 30 * 24 * 3600)));
    map.rejectUnknown();
    return references;
  }

  private static NativeCodecs codecs() {
    return new NativeCodecs(CodecUse.AUTO, CodecUse.AUTO, CodecUse.AUTO, CodecUse.AUTO);
  }

  private static NativeCodecs codecs(YamlMap map) {
    NativeCodecs codecs =
        new NativeCodecs(
            map.get("png", CodecUse.AUTO, value -> value.asEnum(CodecUse.class)),
            map.get("jpeg", CodecUse.AUTO, value -> value.asEnum(CodecUse.class)),
            map.get("webp", CodecUse.AUTO, value -> value.asEnum(CodecUse.class)),
            map.get("avif", CodecUse.AUTO, value -> value.asEnum(CodecUse.class)));
    map.rejectUnknown();
    return codecs;
  }

  private static Lane lane() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Lane(
        cores,
        256,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        cores,
        Duration.ofSeconds(2),
        new Circuit(20, 10, Duration.ofSeconds(1), Duration.ofSeconds(60)));
  }

  private Lane lane(YamlMap map) {
    Lane base = lane();
    int threads = map.get("threads", base.threads(), value -> value.asInt(1, 1024));
    Lane lane =
        new Lane(
            threads,
            map.get("queue", base.queue(), value -> value.asInt(1, 100_000)),
            map.get("prompt_deadline", base.promptDeadline(), value -> time(value, 0, 600)),
            map.get("image_deadline", base.imageDeadline(), value -> time(value, 0, 600)),
            map.get("spare_threads", threads, value -> value.asInt(0, 1024)),
            map.get("lost_after", base.lostAfter(), value -> time(value, 0, 600)),
            map.get("circuit", base.circuit(), value -> circuit(value.asMap(), base.circuit())));
    map.rejectUnknown();
    return lane;
  }

  private static Circuit circuit(YamlMap map, Circuit base) {
    Circuit circuit =
        new Circuit(
            map.get("window", base.window(), value -> value.asInt(1, 1000)),
            map.get("failures", base.failures(), value -> value.asInt(1, 1000)),
            map.get("delay", base.delay(), value -> time(value, 0, 3600)),
            map.get("delay_max", base.delayMax(), value -> time(value, 0, 3600)));
    if (circuit.failures() > circuit.window()) {
      map.self().problem("failures must be at most window");
    }
    if (circuit.delay().compareTo(circuit.delayMax()) > 0) {
      map.self().problem("delay must be at most delay_max");
    }
    map.rejectUnknown();
    return circuit;
  }

  private static int cache(YamlMap map) {
    int signals = map.get("signals", CACHED_SIGNALS, value -> value.asInt(0, 100_000_000));
    map.rejectUnknown();
    return signals;
  }

  private Callers callers(YamlMap map, String byDefault) {
    List<CallerKey> keys = new ArrayList<>();
    for (YamlValue item : map.get("keys").map(YamlValue::asList).orElse(List.of())) {
      CallerKey key = callerKey(item.asMap(), byDefault);
      if (keys.stream().anyMatch(other -> other.sha256().equals(key.sha256()))) {
        item.problem("another caller has this key");
      }
      keys.add(key);
    }
    Callers callers =
        new Callers(
            map.get("header", "authorization", ConfigLoader::header),
            keys,
            map.get("subject_header").map(ConfigLoader::header));
    map.rejectUnknown();
    return callers;
  }

  private static CallerKey callerKey(YamlMap map, String byDefault) {
    CallerKey key =
        new CallerKey(
            map.require("name", "?", ConfigLoader::name),
            map.require("key_sha256", "", ConfigLoader::sha256),
            map.get("policy", byDefault, ConfigLoader::name));
    map.rejectUnknown();
    return key;
  }

  private Audit audit(YamlMap map) {
    Audit audit =
        new Audit(
            path(map, "dir"),
            map.get("queue", 8192, value -> value.asInt(16, 1_000_000)),
            map.get("batch", 512, value -> value.asInt(1, 10_000)));
    map.rejectUnknown();
    return audit;
  }

  private Path path(YamlMap map, String key) {
    return map.require(key, base, value -> base.resolve(value.asString()).normalize());
  }

  private Path file(YamlMap map, String key) {
    return map.require(key, base, this::existing);
  }

  private Path existing(YamlValue value) {
    Path file = base.resolve(value.asString()).normalize();
    if (!Files.isReadable(file)) {
      value.problem("no such file: " + file);
    }
    return file;
  }

  static Duration time(YamlValue value, long leastSeconds, long mostSeconds) {
    Duration least = leastSeconds == 0 ? Duration.ofMillis(1) : Duration.ofSeconds(leastSeconds);
    return value.asDuration(least, Duration.ofSeconds(mostSeconds));
  }

  private static String name(YamlValue value) {
    return matching(value, NAME, "a name: lower-case letters, digits and -");
  }

  private static String model(YamlValue value) {
    return matching(value, MODEL, "a model's name: lower-case letters, digits, '.', '_' and '-'");
  }

  private static String sha256(YamlValue value) {
    return matching(value, SHA256, "a SHA-256 as 64 lower-case hex digits");
  }

  private static String digest(YamlValue value) {
    return matching(value, DIGEST, "a version's digest: 12 to 64 lower-case hex digits");
  }

  private static String header(YamlValue value) {
    return matching(value, HEADER, "a header's name in lower case").toLowerCase(Locale.ROOT);
  }

  private static String matching(YamlValue value, Pattern pattern, String what) {
    String text = value.asString();
    if (!pattern.matcher(text).matches()) {
      value.problem("expected " + what);
    }
    return text;
  }
}
