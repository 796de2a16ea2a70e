package io.sallyport.load;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.image.DecoderInfo;
import io.sallyport.detect.image.NativeUse;
import io.sallyport.load.bench.PictureBench;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every way to decode against {@code javax.imageio}, in one run: {@code load-tests/bin/bench
 * pictures}. The ways to read one picture take turns in one thread, and what counts is the median
 * of its CPU time, so that what else the machine does hardly moves a ratio. The collector's work,
 * which is on other threads, does not count: it is mostly {@code javax.imageio}'s.
 */
final class Pictures {
  /** What these ratios begin with in {@code thresholds.json}. */
  static final String PREFIX = "pictures: ";

  /** Enough for the second compiler to be done with every way. */
  private static final int WARM_UP = 60;

  private static final int TURNS = 41;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<String> NAMES =
      List.of(
          "png-none",
          "png-sub",
          "png-up",
          "png-average",
          "png-paeth",
          "png-adaptive",
          "jpeg",
          "jpeg-progressive",
          "webp");
  private static final String OURS = "gateway";
  private static final String JAVA = "gatewayWithoutLibraries";
  private static final String THEIRS = "imageio";

  /** Milliseconds by picture and way, one for each turn. */
  private final Map<String, Map<String, List<Double>>> times = new LinkedHashMap<>();

  private Pictures() {}

  /**
   * @param asked names of pictures; none means all
   */
  static Numbers measure(List<String> asked) throws IOException, UnavailableException {
    List<String> names = asked.isEmpty() ? NAMES : asked;
    if (!NAMES.containsAll(names)) {
      throw new IllegalArgumentException("the pictures are " + NAMES);
    }
    Pictures pictures = new Pictures();
    pictures.all(names);
    List<DecoderInfo> decoders = Codecs.open(NativeUse.AUTO).decoders();
    return new Numbers(pictures.text(decoders), pictures.ratios(decoders));
  }

  private void all(List<String> names) throws IOException, UnavailableException {
    Map<String, PictureBench> benches = new LinkedHashMap<>();
    for (String name : names) {
      benches.put(name, PictureBench.of(name));
    }
    for (Map.Entry<String, PictureBench> bench : benches.entrySet()) {
      turns(bench.getKey(), bench.getValue(), WARM_UP);
    }
    times.clear();
    for (Map.Entry<String, PictureBench> bench : benches.entrySet()) {
      turns(bench.getKey(), bench.getValue(), TURNS);
    }
  }

  /** Each way once, again and again. */
  private void turns(String name, PictureBench bench, int turns)
      throws IOException, UnavailableException {
    System.err.println("load-tests: " + turns + " times " + name);
    for (int turn = 0; turn < turns; turn++) {
      long start = THREADS.getCurrentThreadCpuTime();
      int views = bench.gateway();
      long ours = THREADS.getCurrentThreadCpuTime();
      views += bench.gatewayWithoutLibraries();
      long java = THREADS.getCurrentThreadCpuTime();
      float[] tensor = bench.imageio();
      long theirs = THREADS.getCurrentThreadCpuTime();
      if (views != 2 || tensor.length == 0) {
        throw new IllegalStateException("nothing was read");
      }
      took(name, OURS, ours - start);
      took(name, JAVA, java - ours);
      took(name, THEIRS, theirs - java);
    }
  }

  private void took(String name, String way, long nanos) {
    times
        .computeIfAbsent(name, it -> new LinkedHashMap<>())
        .computeIfAbsent(way, it -> new ArrayList<>())
        .add(nanos / 1e6);
  }

  /** By the names of {@code thresholds.json}; a JPEG's only where libjpeg-turbo read it. */
  private Map<String, Double> ratios(List<DecoderInfo> decoders) {
    boolean turbo = decoders.stream().anyMatch(info -> info.decoder().equals("libjpeg-turbo"));
    Map<String, Double> ratios = new LinkedHashMap<>();
    times.forEach(
        (name, ways) -> {
          if (turbo || !name.startsWith("jpeg")) {
            ratios.put(PREFIX + name + ", imageio / gateway", ratio(ways, OURS));
          }
          ratios.put(PREFIX + name + ", imageio / gateway without libraries", ratio(ways, JAVA));
        });
    return ratios;
  }

  private static double ratio(Map<String, List<Double>> ways, String way) {
    return median(ways.getOrDefault(THEIRS, List.of())) / median(ways.getOrDefault(way, List.of()));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private String text(List<DecoderInfo> decoders) {
    StringBuilder text = new StringBuilder();
    for (DecoderInfo info : decoders) {
      String note = info.note().isEmpty() ? "" : " (" + info.note() + ")";
      text.append("%s by %s %s%s%n".formatted(info.format(), info.decoder(), info.version(), note));
    }
    Table measured = new Table("ms, median", OURS, "without libraries", THEIRS);
    times.forEach(
        (name, ways) ->
            measured.add(
                name,
                millis(ways.getOrDefault(OURS, List.of())),
                millis(ways.getOrDefault(JAVA, List.of())),
                millis(ways.getOrDefault(THEIRS, List.of()))));
    return text.append('\n').append(measured).toString();
  }

  private static String millis(List<Double> values) {
    return String.format(Locale.ROOT, "%.2f", median(values));
  }
}
