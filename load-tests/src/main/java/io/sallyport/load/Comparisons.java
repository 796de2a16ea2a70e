package io.sallyport.load;

import io.sallyport.detect.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What models and pictures cost against the plain way of doing the same, in one run: {@code
 * load-tests/bin/bench models}, or one part of it.
 *
 * <p>Exit codes as of {@link LoadTest}.
 */
public final class Comparisons {
  /** All parts. */
  private static final String MODELS = "models";

  private Comparisons() {}

  /** Measures one thing, alone on the machine. */
  @FunctionalInterface
  private interface Part {
    Numbers measure(Path root)
        throws IOException, UnavailableException, ExecutionFailedException, InterruptedException;
  }

  /** What was asked gave no figure. */
  static final class ExecutionFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ExecutionFailedException(String message) {
      super(message);
    }
  }

  /** Arguments: a part's name, or {@code models} for all; after {@code pictures}, which ones. */
  public static void main(String[] args) throws InterruptedException {
    Path root = Path.of(System.getProperty("sallyport.home"));
    try {
      Numbers numbers = Numbers.NONE;
      for (Part part : asked(args)) {
        Numbers more = part.measure(root);
        System.out.println(more.text());
        numbers = numbers.and(more);
      }
      System.exit(print(root, numbers, args[0].equals(MODELS)) ? 0 : 1);
    } catch (IOException
        | UnavailableException
        | ExecutionFailedException
        | IllegalArgumentException
        | IllegalStateException e) {
      System.err.println("load-tests: " + e.getMessage());
      System.exit(2);
    }
  }

  private static List<Part> asked(String[] args) {
    List<String> pictures = List.copyOf(Arrays.asList(args).subList(1, args.length));
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("lane", LaneRuns::measure);
    parts.put("allocation", Allocations::measure);
    parts.put("pictures", root -> Pictures.measure(pictures));
    parts.put("swap", Swaps::measure);
    if (args[0].equals(MODELS)) {
      return List.copyOf(parts.values());
    }
    if (!parts.containsKey(args[0])) {
      throw new IllegalArgumentException("the parts are models and " + parts.keySet());
    }
    return List.of(parts.get(args[0]));
  }

  /**
   * @param all whether every bound of these parts must have been measured
   * @return whether every threshold holds
   */
  private static boolean print(Path root, Numbers numbers, boolean all) throws IOException {
    Thresholds bounds =
        Thresholds.parse(Files.readString(root.resolve("load-tests/thresholds.json")));
    Thresholds asked = all ? bounds.with(prefixes()) : bounds.only(numbers.ratios().keySet());
    Table table = new Table("ratio", "measured", "wanted");
    numbers
        .ratios()
        .forEach(
            (name, ratio) ->
                table.add(name, String.format(Locale.ROOT, "%.2f", ratio), asked.describe(name)));
    List<String> broken = asked.broken(numbers.ratios());
    System.out.println(table);
    System.out.println(
        broken.isEmpty() ? "All thresholds hold." : "BROKEN: " + String.join("; ", broken));
    return broken.isEmpty();
  }

  /** What the ratios of this command begin with in {@code thresholds.json}. */
  static List<String> prefixes() {
    return List.of(LaneRuns.PREFIX, Allocations.PREFIX, Pictures.PREFIX, Swaps.PREFIX);
  }
}
