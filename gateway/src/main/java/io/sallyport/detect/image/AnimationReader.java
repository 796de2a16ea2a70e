package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.nio.ByteBuffer;

/**
 * Draws the frames of one animation as viewers do, and hands out the canvas after each that is
 * judged. Every frame is decoded, judged or not: the next ones are drawn on it. For one thread.
 */
final class AnimationReader {
  private final FileBytes file;
  private final AnimatedHeader header;
  private final PngReader pngReader;
  private final WebpReader webpReader;
  private final GifReader gifReader;

  AnimationReader(
      FileBytes file, AnimatedHeader header, PngReader pngReader, WebpReader webpReader) {
    this.file = file;
    this.header = header;
    this.pngReader = pngReader;
    this.webpReader = webpReader;
    this.gifReader = new GifReader(file);
  }

  /** What takes the canvas. */
  @FunctionalInterface
  interface Audience {
    /** Looks at the canvas as it is now. */
    void see(Canvas canvas) throws UnavailableException;
  }

  /**
   * @param judged frames to show at most; all of them, or the first, the last and others evenly
   *     between
   */
  void read(int judged, Audience audience) throws UnavailableException {
    Canvas canvas = new Canvas(header.width(), header.height());
    FramePixels pixels = new FramePixels(header.width() * header.height());
    int shown = 0;
    for (int i = 0; i < header.frames(); i++) {
      FrameArea area = header.area(i);
      pixels.begin(area);
      decode(i, pixels);
      canvas.draw(area, pixels);
      if (i == chosen(shown, judged, header.frames())) {
        audience.see(canvas);
        shown++;
      }
      canvas.dispose(area);
    }
  }

  /** The frame that is shown as number {@code shown}, counted from 0. */
  static int chosen(int shown, int judged, int frames) {
    if (frames <= judged) {
      return shown;
    }
    return judged == 1 ? 0 : (int) ((long) shown * (frames - 1) / (judged - 1));
  }

  private void decode(int frame, FramePixels pixels) throws UnavailableException {
    switch (header) {
      case GifHeader gif -> gifReader.read(gif.all().get(frame), pixels);
      case ApngHeader png -> {
        ApngStill still = ApngStill.of(file, png, png.all().get(frame));
        pngReader.read(still.file(), still.header(), pixels);
      }
      case WebpAnimation webp -> {
        WebpAnimation.WebpFrame one = webp.all().get(frame);
        webpReader.read(WebpFrames.still(file, one), one.image(), pixels);
      }
    }
  }

  /** A frame of an animated PNG as a file of its own, as far as {@link PngReader} looks at it. */
  private record ApngStill(FileBytes file, PngHeader header) {
    private static final int IDAT = 0x49444154;
    private static final int OVERHEAD = 12;

    static ApngStill of(FileBytes file, ApngHeader header, ApngHeader.ApngFrame frame)
        throws UnavailableException {
      PngHeader still = header.still();
      int palette = 3 * still.paletteSize();
      int transparency = still.transparencySize();
      int dataAt = palette + transparency;
      byte[] bytes = new byte[dataAt + 2 * OVERHEAD + frame.dataBytes()];
      file.copy(still.paletteAt(), bytes, 0, palette);
      file.copy(still.transparencyAt(), bytes, palette, transparency);
      ByteBuffer.wrap(bytes, dataAt, 8).putInt(frame.dataBytes()).putInt(IDAT);
      data(file, frame, bytes, dataAt + 8);
      PngHeader one =
          new PngHeader(
              frame.area().width(),
              frame.area().height(),
              still.depth(),
              still.colour(),
              still.interlaced(),
              0,
              still.paletteSize(),
              palette,
              transparency,
              dataAt,
              ExifOrientation.NONE);
      return new ApngStill(FileBytes.of(ByteBuffer.wrap(bytes)), one);
    }

    /** Joins the data of a frame's chunks, which follow one another. */
    private static void data(FileBytes file, ApngHeader.ApngFrame frame, byte[] into, int from)
        throws UnavailableException {
      int at = frame.dataAt();
      int to = from;
      while (to < from + frame.dataBytes()) {
        int sequence = file.i32(at + 4) == IDAT ? 0 : 4;
        int length = file.i32(at);
        file.copy(at + 8 + sequence, into, to, length - sequence);
        to += length - sequence;
        at += OVERHEAD + length;
      }
    }
  }
}
