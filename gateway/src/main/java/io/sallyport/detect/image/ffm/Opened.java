package io.sallyport.detect.image.ffm;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What became of one library.
 *
 * @param library its name, as metrics and logs say it
 * @param version what it tells of itself, or why there is none
 * @param codec empty when it is not used
 * @param why it is not used; empty when it is
 */
public record Opened<C extends Codec>(
    String library, String version, Optional<C> codec, String why) {

  /**
   * Opens a library and judges its version.
   *
   * @param sonames what the system's loader may find it by, the newest interface first
   * @param bind finds its functions; throws {@link NoSuchElementException} when one is missing
   */
  static <C extends Codec> Opened<C> open(
      String library, List<String> sonames, Use use, Function<NativeLibrary, C> bind) {
    if (use == Use.OFF) {
      return without(library, "off", "native_codecs says off");
    }
    Optional<NativeLibrary> found = NativeLibrary.open(sonames);
    if (found.isEmpty()) {
      return without(library, "none", "not installed");
    }
    try {
      return judge(library, use, bind.apply(found.get()));
    } catch (NoSuchElementException e) {
      return without(library, "unknown", "its interface is not a known one");
    }
  }

  private static <C extends Codec> Opened<C> judge(String library, Use use, C codec) {
    String version = versions(codec.needs());
    String objection = objection(use, codec.needs());
    return objection.isEmpty()
        ? new Opened<>(library, version, Optional.of(codec), "")
        : without(library, version, objection);
  }

  /** Why a library that is there is not used; empty when it is. */
  static String objection(Use use, List<Need> needs) {
    for (Need need : needs) {
      if (use == Use.AUTO && !need.met()) {
        return need.library() + " is not known to be " + need.least().orElseThrow() + " or later";
      }
    }
    return "";
  }

  /** Of the library, then of what it stands on. */
  static String versions(List<Need> needs) {
    return needs.getFirst().version()
        + needs.stream()
            .skip(1)
            .map(need -> ", " + need.library() + " " + need.version())
            .collect(Collectors.joining());
  }

  private static <C extends Codec> Opened<C> without(String library, String version, String why) {
    return new Opened<>(library, version, Optional.empty(), why);
  }
}
