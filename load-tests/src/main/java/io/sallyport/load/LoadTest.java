package io.sallyport.load;

import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every scenario, one after the other, on this machine alone: {@code load-tests/bin/run}.
 *
 * <p>Exit code 0 when every threshold holds, 1 when one is broken, 2 when something could not be
 * measured.
 */
public final class LoadTest {
  private static final int GATLING_SECONDS = 240;
  private static final int RAW_SECONDS = 60;
  private static final int TURNS = 5;
  private static final int TURN_SECONDS = 8;
  private static final double HALF = 0.5;
  private static final double OVERLOAD = 3;

  /** The compiler is busy for long at first, and its time would count as the gateway's. */
  private static final Load WARM = new Load(40, 12);

  /**
   * Of the first scenario of a process. After 25 s at full speed a gateway without detectors takes
   * 6 to 7 ms of CPU for a large reply, after 100 s less than 4: the rest was the compiler's.
   */
  private static final int WARM_FIRST = 120;

  private final Path root;
  private final Path folder;
  private final Cores cores = Cores.split();
  private final Report report = new Report(cores);
  private final int upstreamPort = freePort();
  private final int port = freePort();
  private final int adminPort = freePort();

  private LoadTest(Path root) throws IOException {
    this.root = root;
    this.folder =
        Files.createTempDirectory(
            Files.createDirectories(root.resolve("load-tests/target")), "run-");
  }

  /** Seconds of warm-up and of measuring. */
  private record Load(int warm, int measured) {}

  /** A part of the test; each brings what it measures up and down again. */
  @FunctionalInterface
  private interface Part {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Arguments: the parts to run, see {@link #parts()}; none means all. The system property {@code
   * sallyport.home} is the repository's root.
   */
  public static void main(String[] args) throws InterruptedException {
    Path root = Path.of(System.getProperty("sallyport.home"));
    try {
      LoadTest test = new LoadTest(root);
      test.run(List.of(args));
      Thresholds all =
          Thresholds.parse(Files.readString(root.resolve("load-tests/thresholds.json")))
              .without(Comparisons.prefixes());
      Map<String, Double> ratios = test.report.ratios();
      Thresholds asked = args.length == 0 ? all : all.only(ratios.keySet());
      System.out.println(test.report.text(asked));
      System.exit(asked.broken(ratios).isEmpty() ? 0 : 1);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("load-tests: " + e.getMessage());
      System.exit(2);
    }
  }

  private Map<String, Part> parts() {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("bare", this::bareProxy);
    parts.put("none", this::noDetectors);
    parts.put("prompt", this::promptGate);
    parts.put("both", this::bothGates);
    return parts;
  }

  private void run(List<String> asked) throws IOException, InterruptedException {
    Map<String, Part> parts = parts();
    if (!parts.keySet().containsAll(asked)) {
      throw new IllegalArgumentException("the parts are " + parts.keySet());
    }
    if (!asked.isEmpty()) {
      parts.keySet().retainAll(asked);
    }
    List<String> command = Child.java(List.of("-Xmx512m"), FixedUpstream.class, upstreamPort);
    try (Child upstream = start(cores.others(), command, "upstream").awaitPort(upstreamPort)) {
      open(Scenario.DIRECT, upstreamPort, upstream);
      open(Scenario.DIRECT_TINY, upstreamPort, upstream);
      for (Part part : parts.values()) {
        part.run();
      }
    }
  }

  private void bareProxy() throws IOException, InterruptedException {
    List<String> command = Child.java(List.of("-Xmx1g"), BareProxy.class, port, upstreamPort);
    try (Child proxy = start(cores.measured(), command, "bare-proxy").awaitPort(port)) {
      first(Scenario.BARE, port, proxy);
      open(Scenario.BARE_TINY, port, proxy);
    }
  }

  private void noDetectors() throws IOException, InterruptedException {
    try (Child gateway = gateway(Guard.NOTHING)) {
      first(Scenario.NO_DETECTORS, port, gateway);
      open(Scenario.NO_DETECTORS_TINY, port, gateway);
    }
  }

  /**
   * The gate and the model alone take turns: neighbours of a virtual machine make it a quarter
   * faster or slower from one minute to the next, and only what was measured side by side compares.
   */
  private void promptGate() throws IOException, InterruptedException {
    try (Child gateway = gateway(Guard.PROMPT)) {
      Measured full = closed(Scenario.PROMPT_FULL, gateway);
      List<Turn> turns = new ArrayList<>();
      for (int turn = 0; turn < TURNS; turn++) {
        RawModelRuns.Result raw = rawModel();
        Measured gate = again(Scenario.PROMPT_FULL, gateway);
        turns.add(new Turn(gate, raw));
        System.err.printf("load-tests: turn %d: %.2f%n", turn + 1, turns.getLast().ratio());
      }
      turns.sort(Comparator.comparing(Turn::ratio));
      Turn median = turns.get(TURNS / 2);
      report.add(Scenario.PROMPT_FULL, median.gate());
      report.add(median.raw());
      share(Scenario.PROMPT, gateway, HALF, full);
    }
  }

  /** One measurement of each, one after the other. */
  private record Turn(Measured gate, RawModelRuns.Result raw) {
    double ratio() {
      return gate.perSecond() / raw.perSecond();
    }
  }

  private void bothGates() throws IOException, InterruptedException {
    EmbeddedImageModel.importInto(root.resolve("models"));
    try (Child gateway = gateway(Guard.PROMPT_AND_IMAGE)) {
      Measured full = closed(Scenario.BOTH_FULL, gateway);
      share(Scenario.BOTH, gateway, HALF, full);
      share(Scenario.OVERLOAD, gateway, OVERLOAD, full);
    }
  }

  private RawModelRuns.Result rawModel() throws IOException, InterruptedException {
    Path result = folder.resolve("raw-model.json");
    List<String> command =
        Child.java(List.of("-Xmx1g"), RawModelRuns.class, cores.count(), TURN_SECONDS, result);
    try (Child raw = start(cores.measured(), command, "raw-model")) {
      raw.awaitExit(RAW_SECONDS);
    }
    return RawModelRuns.Result.read(result);
  }

  private Child gateway(Guard guard) throws IOException, InterruptedException {
    String name = "gateway-" + guard.name().toLowerCase(java.util.Locale.ROOT);
    Path config = guard.write(folder.resolve(name), root, port, adminPort, upstreamPort);
    List<String> command =
        List.of(
            root.resolve("gateway/bin/sallyport").toString(),
            "serve",
            "--config",
            config.toString());
    return start(cores.measured(), command, name).awaitPort(port);
  }

  private Child start(List<String> pin, List<String> command, String name) throws IOException {
    return Child.start(
        pin, command, Map.of("SALLYPORT_JAVA_OPTS", "-Xmx1g"), folder.resolve(name + ".log"));
  }

  private void first(Scenario scenario, int port, Child measured)
      throws IOException, InterruptedException {
    measure(
        scenario, port, measured, new Load(WARM_FIRST, WARM.measured()), scenario.perSecond(), 0);
  }

  private void open(Scenario scenario, int port, Child measured)
      throws IOException, InterruptedException {
    measure(scenario, port, measured, WARM, scenario.perSecond(), 0);
  }

  /** Arrivals at a share of the full speed; what it ran warmed everything up. */
  private void share(Scenario scenario, Child measured, double share, Measured full)
      throws IOException, InterruptedException {
    measure(scenario, port, measured, new Load(0, WARM.measured()), share * full.perSecond(), 0);
  }

  /** As many clients as keep every core busy and no more than a few waiting. */
  private Measured closed(Scenario scenario, Child measured)
      throws IOException, InterruptedException {
    return measure(scenario, port, measured, new Load(WARM_FIRST, WARM.measured()), 0, users());
  }

  /** The same of what is warm. */
  private Measured again(Scenario scenario, Child measured)
      throws IOException, InterruptedException {
    return measure(scenario, port, measured, new Load(0, TURN_SECONDS), 0, users());
  }

  private int users() {
    return 2 * cores.count() + 2;
  }

  private Measured measure(
      Scenario scenario, int port, Child measured, Load load, double perSecond, int users)
      throws IOException, InterruptedException {
    System.err.println("load-tests: " + scenario.title());
    Path result = folder.resolve(scenario.name() + ".json");
    Path plan = folder.resolve(scenario.name() + "-plan.json");
    new Plan(
            "http://127.0.0.1:" + port,
            measured.pid(),
            scenario.size(),
            load.warm(),
            load.measured(),
            perSecond,
            users,
            result)
        .write(plan);
    try (Child gatling = start(cores.others(), Gatling.command(plan, folder), scenario.name())) {
      gatling.awaitExit(GATLING_SECONDS);
    }
    Measured seen = Measured.read(result);
    if (scenario != Scenario.OVERLOAD && !seen.isSound()) {
      throw new IOException(scenario.title() + ": too few pictures: " + seen.statuses());
    }
    report.add(scenario, seen);
    return seen;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
