package io.sallyport.detect.image;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import io.sallyport.detect.UnavailableException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageReader;

/**
 * Decodes WebPs by libwebp: the machine's, or the one in the jar of webp-imageio. Whole frames:
 * callers hold a share of the {@link FrameBudget}. Safe on every thread.
 */
final class WebpReader {
  private final WebPImageReaderSpi provider = new WebPImageReaderSpi();

  /** Decodes in the place of the library in the jar, when the machine has it. */
  private final Optional<LibWebpReader> ofMachine;

  WebpReader(Optional<LibWebpReader> ofMachine) {
    this.ofMachine = ofMachine;
  }

  void read(FileBytes file, WebpHeader header, RowSink sink) throws UnavailableException {
    if (ofMachine.isPresent()) {
      ofMachine.get().read(file, header, sink);
      return;
    }
    int width = header.width();
    int[] frame = decode(file, header);
    byte[] rgba = new byte[4 * width];
    for (int y = 0; y < header.height(); y++) {
      unpack(frame, y * width, rgba);
      sink.rgba(y, rgba);
    }
  }

  /** The alpha of every pixel counts, whether or not the header says that there is any. */
  private static void unpack(int[] frame, int from, byte[] rgba) {
    int at = from;
    for (int to = 0; to < rgba.length; to += 4) {
      int argb = frame[at++];
      rgba[to] = (byte) (argb >> 16);
      rgba[to + 1] = (byte) (argb >> 8);
      rgba[to + 2] = (byte) argb;
      rgba[to + 3] = (byte) (argb >> 24);
    }
  }

  private int[] decode(FileBytes file, WebpHeader header) throws UnavailableException {
    try {
      ImageReader reader = provider.createReaderInstance(null);
      try (BufferStream stream = new BufferStream(file.window())) {
        reader.setInput(stream, true, true);
        return pixels(reader.read(0, null), header);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // The reader answers foreign bytes with either; its messages may quote them.
      throw Failures.undecodable("WebP decoder failed");
    } catch (OutOfMemoryError e) {
      // Thrown by the reader itself for a status that libwebp also gives for corrupt data.
      throw Failures.undecodable("WebP decoder found no memory");
    } catch (LinkageError e) {
      throw Failures.unsupported("no libwebp on this platform");
    }
  }

  private static int[] pixels(BufferedImage frame, WebpHeader header) throws UnavailableException {
    if (frame.getWidth() != header.width()
        || frame.getHeight() != header.height()
        || !(frame.getRaster().getDataBuffer() instanceof DataBufferInt data)) {
      throw Failures.undecodable("WebP frame is not as its header says");
    }
    return data.getData();
  }
}
