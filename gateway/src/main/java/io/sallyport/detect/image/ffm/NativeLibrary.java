package io.sallyport.detect.image.ffm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A shared library, found by the system's loader under a name that promises an interface. Stays
 * loaded until the process ends.
 */
final class NativeLibrary {
  private final String soname;
  private final SymbolLookup symbols;

  private NativeLibrary(String soname, SymbolLookup symbols) {
    this.soname = soname;
    this.symbols = symbols;
  }

  /** The first of the names that the loader finds. */
  static Optional<NativeLibrary> open(List<String> sonames) {
    for (String soname : sonames) {
      try {
        return Optional.of(
            new NativeLibrary(soname, SymbolLookup.libraryLookup(soname, Arena.global())));
      } catch (IllegalArgumentException | IllegalCallerException e) {
        // Not there, or the process may not call native code: the next one, or none.
      }
    }
    return Optional.empty();
  }

  String soname() {
    return soname;
  }

  boolean has(String function) {
    return symbols.find(function).isPresent();
  }

  /**
   * @throws NoSuchElementException when the library lacks it
   */
  MethodHandle function(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(address(name), type);
  }

  private MemorySegment address(String name) {
    return symbols.find(name).orElseThrow(() -> new NoSuchElementException(name));
  }

  /** The file that the loader mapped, by Linux's own account; empty elsewhere. */
  Optional<Path> file(String function) {
    long at = address(function).address();
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(maps)) {
      return lines
          .map(line -> line.split("\\s+", 6))
          .filter(parts -> parts.length == 6 && holds(parts[0], at))
          .map(parts -> Path.of(parts[5]))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static boolean holds(String range, long at) {
    int dash = range.indexOf('-');
    long from = Long.parseUnsignedLong(range, 0, dash, 16);
    long to = Long.parseUnsignedLong(range, dash + 1, range.length(), 16);
    return Long.compareUnsigned(from, at) <= 0 && Long.compareUnsigned(at, to) < 0;
  }
}
