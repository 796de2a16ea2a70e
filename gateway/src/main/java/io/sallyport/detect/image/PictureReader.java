package io.sallyport.detect.image;

import io.sallyport.detect.Preparer;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * The one door by which foreign image bytes become a {@link Picture}: sniffs the format, walks the
 * structure, applies the caps, decodes once, and weighs what it sees into every view that a
 * detector asks for.
 *
 * <p>Fails closed: too many frames, data after the end, or a format that is not judged here is an
 * {@link UnavailableException}, never a picture of a part. Safe on every thread; blocks while it
 * works, and at most {@link ImageLimits#maxWait()} before a whole frame for its share of memory.
 */
public final class PictureReader implements Preparer<Picture> {
  private final ImageLimits limits;
  private final Set<Framing> framings;
  private final FrameBudget budget;
  private final Planes planes = new Planes();
  private final PngReader pngReader;
  private final JpegReader jpegReader;
  private final WebpReader webpReader;
  private final AvifReader avifReader;

  /** A reader without decoders of the machine: memory-safe but for WebP, and slower. */
  public PictureReader(ImageLimits limits, Set<Framing> framings) {
    this(limits, framings, Codecs.open(NativeUse.OFF));
  }

  /**
   * @param framings of the views that detectors read; at least one
   * @param codecs who decodes
   */
  public PictureReader(ImageLimits limits, Set<Framing> framings, Codecs codecs) {
    this.limits = limits;
    this.framings = Set.copyOf(framings);
    this.budget = new FrameBudget(limits.maxFrameBytes(), limits.maxWait());
    this.pngReader = codecs.pngReader(budget);
    this.jpegReader = codecs.jpegReader();
    this.webpReader = codecs.webpReader();
    this.avifReader = codecs.avifReader();
    if (framings.isEmpty()) {
      throw new IllegalArgumentException("nobody asks for a view");
    }
  }

  /**
   * Decodes an image.
   *
   * @throws UnavailableException {@code TOO_LARGE}, {@code UNSUPPORTED}, {@code UNDECODABLE} or
   *     {@code OVERLOAD}
   */
  @Override
  public Picture prepare(Sample sample) throws UnavailableException {
    return switch (sample) {
      case Sample.Image image -> picture(image.bytes());
      case Sample.Text text -> throw new IllegalArgumentException("a text is not a picture");
    };
  }

  /**
   * Reads the file of a card's example, within the default limits, without the machine's decoders.
   */
  public static List<float[]> example(byte[] file, Framing framing) throws UnavailableException {
    PictureReader reader = new PictureReader(ImageLimits.DEFAULTS, Set.of(framing));
    return reader.picture(ByteBuffer.wrap(file)).views(framing).stream().map(View::pixels).toList();
  }

  /** The views' memory is used again; whoever asks the picture for one afterwards gets none. */
  @Override
  public void release(Picture picture) {
    for (List<View> views : picture.views().values()) {
      views.forEach(view -> planes.give(view.pixels()));
    }
    picture.views().clear();
  }

  private Picture picture(ByteBuffer bytes) throws UnavailableException {
    limits.checkBytes(bytes.remaining());
    FileBytes file = FileBytes.of(bytes);
    ImageHeader header = ImageHeader.read(file, limits);
    Views views = new Views(header, framings, Views.MAX_BYTES, planes);
    switch (header) {
      case PngHeader png -> readRows(file, png, views);
      case BmpHeader bmp -> readRows(file, bmp, views);
      case JpegHeader jpeg -> readFrame(file, jpeg, views);
      case WebpHeader webp -> readFrame(file, webp, views);
      case AvifHeader avif -> readFrame(file, avif, views);
      case AnimatedHeader animated -> readFrames(file, animated, views);
    }
    return new Picture(header.format(), header.width(), header.height(), views.finish());
  }

  private void readRows(FileBytes file, PngHeader header, Views views) throws UnavailableException {
    ViewAverager averager = views.averager();
    pngReader.read(file, header, averager);
    views.add(averager);
  }

  private static void readRows(FileBytes file, BmpHeader header, Views views)
      throws UnavailableException {
    ViewAverager averager = views.averager();
    new BmpReader(file, header).read(averager);
    views.add(averager);
  }

  private void readFrame(FileBytes file, JpegHeader header, Views views)
      throws UnavailableException {
    try (FrameBudget.Share _ = budget.take(header.frameBytes(), 0)) {
      ViewAverager averager = views.averager();
      jpegReader.read(file, header, averager);
      views.add(averager);
    }
  }

  private void readFrame(FileBytes file, WebpHeader header, Views views)
      throws UnavailableException {
    long tables = header.tableBytes(file.size());
    try (FrameBudget.Share _ = budget.take(header.frameBytes(), tables)) {
      ViewAverager averager = views.averager();
      webpReader.read(file, header, averager);
      views.add(averager);
    }
  }

  private void readFrame(FileBytes file, AvifHeader header, Views views)
      throws UnavailableException {
    avifReader.require();
    long frame = AvifReader.frameBytes(header.width(), header.height());
    try (FrameBudget.Share _ = budget.take(frame, 0)) {
      ViewAverager averager = views.averager();
      avifReader.read(file, header.width(), header.height(), averager);
      views.add(averager);
    }
  }

  private void readFrames(FileBytes file, AnimatedHeader header, Views views)
      throws UnavailableException {
    if (header instanceof ApngHeader png && !png.stillIsFrame()) {
      readRows(file, png.still(), views);
    }
    long canvas = Canvas.BYTES_PER_PIXEL * header.width() * header.height();
    try (FrameBudget.Share _ = budget.take(canvas + header.decoderBytes(), header.tableBytes())) {
      AnimationReader reader = new AnimationReader(file, header, pngReader, webpReader);
      reader.read(
          limits.judgedFrames(),
          shown -> {
            ViewAverager averager = views.averager();
            shown.show(averager);
            views.add(averager);
          });
    }
  }
}
