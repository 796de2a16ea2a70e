package io.sallyport.detect.image;

import io.sallyport.detect.Preparer;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The one door by which foreign image bytes become a {@link Picture}: sniffs the format, walks the
 * structure, applies the caps, decodes once, averages into every grid that a detector asks for.
 *
 * <p>Fails closed: an animation, data after the end, or a format that is not judged here is an
 * {@link UnavailableException}, never a picture of a part. Safe on every thread; blocks while it
 * works, and at most {@link ImageLimits#maxWait()} before a JPEG or WebP for its share of memory.
 */
public final class PictureReader implements Preparer<Picture> {
  private static final int MAX_SIDE = 1024;

  private final ImageLimits limits;
  private final Set<Integer> sides;
  private final FrameBudget budget;
  private final PngReader pngReader = new PngReader();
  private final JpegReader jpegReader = new JpegReader();
  private final WebpReader webpReader = new WebpReader();

  /**
   * @param sides of the square grids that detectors read, 1 to 1,024 each; at least one
   */
  public PictureReader(ImageLimits limits, Set<Integer> sides) {
    this.limits = limits;
    this.sides = Set.copyOf(sides);
    this.budget = new FrameBudget(limits.maxFrameBytes(), limits.maxWait());
    if (sides.isEmpty() || sides.stream().anyMatch(side -> side < 1 || side > MAX_SIDE)) {
      throw new IllegalArgumentException("grid sides must be 1 to " + MAX_SIDE + ": " + sides);
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

  private Picture picture(ByteBuffer bytes) throws UnavailableException {
    limits.checkBytes(bytes.remaining());
    FileBytes file = FileBytes.of(bytes);
    ImageHeader header = ImageHeader.read(file, limits);
    ViewAverager averager =
        switch (header) {
          case PngHeader png -> readRows(file, png);
          case JpegHeader jpeg -> readFrame(file, jpeg);
          case WebpHeader webp -> readFrame(file, webp);
        };
    return new Picture(header.format(), header.width(), header.height(), averager.finish());
  }

  private ViewAverager readRows(FileBytes file, PngHeader header) throws UnavailableException {
    ViewAverager averager = averager(header);
    pngReader.read(file, header, averager);
    return averager;
  }

  private ViewAverager readFrame(FileBytes file, JpegHeader header) throws UnavailableException {
    try (FrameBudget.Share share = budget.take(header.frameBytes(), 0)) {
      ViewAverager averager = averager(header);
      jpegReader.read(file, header, averager);
      return averager;
    }
  }

  private ViewAverager readFrame(FileBytes file, WebpHeader header) throws UnavailableException {
    long tables = header.tableBytes(file.size());
    try (FrameBudget.Share share = budget.take(header.frameBytes(), tables)) {
      ViewAverager averager = averager(header);
      webpReader.read(file, header, averager);
      return averager;
    }
  }

  private ViewAverager averager(ImageHeader header) {
    return new ViewAverager(header.width(), header.height(), sides);
  }
}
