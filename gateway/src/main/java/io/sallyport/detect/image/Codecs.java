package io.sallyport.detect.image;

import io.sallyport.detect.image.ffm.Codec;
import io.sallyport.detect.image.ffm.LibAvif;
import io.sallyport.detect.image.ffm.LibDeflate;
import io.sallyport.detect.image.ffm.LibWebp;
import io.sallyport.detect.image.ffm.OffHeap;
import io.sallyport.detect.image.ffm.Opened;
import io.sallyport.detect.image.ffm.TurboJpeg;
import java.util.List;

/**
 * The decoders of this machine, found once when the gateway starts and shared by every {@link
 * PictureReader}. Safe on every thread.
 */
public final class Codecs {
  /** The version of libwebp that the jar of webp-imageio 0.10.2 brings; it has no way to tell. */
  private static final String BUNDLED_WEBP = "libwebp 1.5.0";

  private final Opened<LibDeflate> deflate;
  private final Opened<TurboJpeg> jpeg;
  private final Opened<LibWebp> webp;
  private final Opened<LibAvif> avif;
  private final OffHeap memory = new OffHeap();

  private Codecs(NativeUse use) {
    deflate = LibDeflate.open(use.png());
    jpeg = TurboJpeg.open(use.jpeg());
    webp = LibWebp.open(use.webp());
    avif = LibAvif.open(use.avif());
  }

  /** Looks for the libraries; what is not found, or not used, is decoded otherwise. */
  public static Codecs open(NativeUse use) {
    return new Codecs(use);
  }

  /** Who decodes what, one entry for each format. */
  public List<DecoderInfo> decoders() {
    String java = Runtime.version().toString();
    return List.of(
        info("png", deflate, "jdk", java),
        info("jpeg", jpeg, "jdk", java),
        info("webp", webp, "webp-imageio", BUNDLED_WEBP),
        info("avif", avif, "none", ""));
  }

  private static DecoderInfo info(
      String format, Opened<? extends Codec> opened, String otherwise, String version) {
    return opened.codec().isPresent()
        ? new DecoderInfo(format, opened.library(), opened.version(), "")
        : new DecoderInfo(
            format,
            otherwise,
            version,
            opened.library() + " " + opened.version() + ": " + opened.why());
  }

  PngReader pngReader(FrameBudget budget) {
    return new PngReader(
        deflate.codec().map(library -> new WholeInflater(library, memory, budget)));
  }

  JpegReader jpegReader() {
    return new JpegReader(jpeg.codec().map(library -> new TurboJpegReader(library, memory)));
  }

  WebpReader webpReader() {
    return new WebpReader(webp.codec().map(library -> new LibWebpReader(library, memory)));
  }

  AvifReader avifReader() {
    return new AvifReader(avif.codec(), memory);
  }
}
