package io.sallyport.detect.image.ffm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Three numbers, compared from the left; what is missing is 0. */
public record LibraryVersion(int major, int minor, int patch)
    implements Comparable<LibraryVersion> {
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\.(\\d{1,6}))?(?:[^\\d.].*)?");

  /** Reads {@code 1.3.2}, {@code 1.4}, {@code 1.0.0-0-g99172b1}; empty when it is none of these. */
  public static Optional<LibraryVersion> parse(String text) {
    Matcher matcher = NUMBERS.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new LibraryVersion(
            number(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3))));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  @Override
  public int compareTo(LibraryVersion other) {
    int order = Integer.compare(major, other.major);
    if (order == 0) {
      order = Integer.compare(minor, other.minor);
    }
    return order == 0 ? Integer.compare(patch, other.patch) : order;
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
