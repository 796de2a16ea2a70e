package io.sallyport.detect.onnx.convert;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The real package for tests, got with npm once per build folder. */
public final class NsfwjsTarball {
  private static final Path CACHE = Path.of("target", "npm");

  private NsfwjsTarball() {}

  /** The tarball; the calling test is skipped when npm or the registry is out of reach. */
  public static synchronized Path get() throws IOException {
    Path cached = CACHE.resolve("nsfwjs-" + NsfwjsPackage.VERSION + ".tgz");
    if (!Files.exists(cached)) {
      Files.createDirectories(CACHE);
      Path download = Files.createTempDirectory(CACHE, "download-");
      Files.move(fetch(download), cached, StandardCopyOption.ATOMIC_MOVE);
      ModelFolder.delete(download);
    }
    return cached;
  }

  private static Path fetch(Path folder) throws IOException {
    try {
      return NsfwjsPackage.fetch(folder);
    } catch (FetchException e) {
      return switch (e.reason()) {
        case NO_NPM, UNREACHABLE ->
            abort("skipped: the image model cannot be got here (" + e.getMessage() + ")");
        case REFUSED -> throw e;
      };
    }
  }
}
