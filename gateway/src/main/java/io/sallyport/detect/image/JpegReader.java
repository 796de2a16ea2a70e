package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.JpegHeader.Span;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Decodes JPEGs by libjpeg-turbo where the machine has it, otherwise by the JDK's own reader, never
 * by one that happens to be registered. Only raw samples are asked of it; what they mean is {@link
 * JpegColour}'s to say. Whole frames: callers hold a share of the {@link FrameBudget}. Safe on
 * every thread.
 */
final class JpegReader {
  private final ImageReaderSpi provider = jdkProvider();

  /** Decodes in the JDK's place what it can, when the machine has it. */
  private final Optional<TurboJpegReader> turbo;

  JpegReader(Optional<TurboJpegReader> turbo) {
    this.turbo = turbo;
  }

  void read(FileBytes file, JpegHeader header, RowSink sink) throws UnavailableException {
    if (turbo.isPresent() && TurboJpegReader.takes(header)) {
      turbo.get().read(file, header, sink);
      return;
    }
    Raster frame = decode(needed(file, header), header);
    int width = header.width();
    JpegColour colour = header.colour();
    byte[] samples = new byte[colour.components() * width];
    byte[] rgb = new byte[3 * width];
    for (int y = 0; y < header.height(); y++) {
      frame.getDataElements(0, y, width, 1, samples);
      colour.toRgb(samples, rgb, width);
      sink.rgb(y, rgb);
    }
  }

  private Raster decode(byte[] bytes, JpegHeader header) throws UnavailableException {
    try {
      ImageReader reader = provider.createReaderInstance();
      try (BufferStream stream = new BufferStream(ByteBuffer.wrap(bytes))) {
        boolean[] warned = new boolean[1];
        reader.setInput(stream, true, true);
        reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
        Raster frame = reader.readRaster(0, null);
        if (warned[0] || !fits(frame, header)) {
          throw Failures.undecodable("JPEG data is corrupt");
        }
        return frame;
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // The reader answers foreign bytes with either; its messages may quote them.
      throw Failures.undecodable("JPEG decoder failed");
    }
  }

  private static boolean fits(Raster frame, JpegHeader header) {
    return frame.getWidth() == header.width()
        && frame.getHeight() == header.height()
        && frame.getNumBands() == header.colour().components();
  }

  private static byte[] needed(FileBytes file, JpegHeader header) throws UnavailableException {
    byte[] bytes = new byte[header.kept().stream().mapToInt(Span::length).sum()];
    int to = 0;
    for (Span span : header.kept()) {
      file.copy(span.start(), bytes, to, span.length());
      to += span.length();
    }
    return bytes;
  }

  private static ImageReaderSpi jdkProvider() {
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (all.hasNext()) {
      ImageReaderSpi next = all.next();
      boolean own = next.getClass().getModule().equals(ImageIO.class.getModule());
      if (own && next.getFormatNames()[0].equalsIgnoreCase("jpeg")) {
        return next;
      }
    }
    throw new IllegalStateException("this JDK has no JPEG reader (module java.desktop)");
  }
}
