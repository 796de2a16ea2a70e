package io.sallyport.coding;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * One Zstandard frame (RFC 8878) and nothing before or after it. The reference library decodes, but
 * only what {@link ZstdFrame} has walked through to the last byte.
 */
final class ZstdBody {
  /** False where the library cannot be loaded: then zstd is a coding like any unknown one. */
  static final boolean AVAILABLE = load();

  private ZstdBody() {}

  static InputStream open(byte[] coded, int length) throws IOException {
    ZstdFrame.check(coded, length);
    return new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(coded, 0, length))
        .setLongMax(ZstdFrame.WINDOW_LOG);
  }

  private static boolean load() {
    try {
      Native.load();
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }
}
