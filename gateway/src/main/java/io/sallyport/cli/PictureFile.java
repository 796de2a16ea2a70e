package io.sallyport.cli;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.signal.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Pictures that a list of the operator's names, one a line. */
final class PictureFile {
  private PictureFile() {}

  /**
   * The picture's bytes, one more than may be when it is too large.
   *
   * @param list where relative paths start
   */
  static byte[] read(Path list, String line) throws UnavailableException {
    int most = ImageLimits.DEFAULTS.maxBytes();
    try (InputStream in = Files.newInputStream(list.resolveSibling(line.strip()))) {
      return in.readNBytes(most + 1);
    } catch (IOException | InvalidPathException e) {
      throw new UnavailableException(Cause.MISSING, "no such picture");
    }
  }
}
