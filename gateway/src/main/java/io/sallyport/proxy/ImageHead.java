package io.sallyport.proxy;

import io.sallyport.coding.ContentCoding;
import io.sallyport.dialect.PictureType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at the head of an answer that should bring an image. Pure. */
final class ImageHead {
  /** How object stores call what nobody told them the type of. */
  private static final List<String> UNTYPED =
      List.of("application/octet-stream", "binary/octet-stream");

  private ImageHead() {}

  /** What is wrong with it, if anything. */
  static Optional<FetchReason> problem(int status, MultiMap headers) {
    if (status != 200) {
      return Optional.of(FetchReason.FETCH_STATUS);
    }
    if (ContentCoding.of(headers.getAll(HttpHeaders.CONTENT_ENCODING))
        .filter(ContentCoding.IDENTITY::equals)
        .isEmpty()) {
      return Optional.of(FetchReason.FETCH_CODING);
    }
    return headers.getAll(HttpHeaders.CONTENT_TYPE).stream().allMatch(ImageHead::image)
        ? Optional.empty()
        : Optional.of(FetchReason.FETCH_TYPE);
  }

  /**
   * Which picture the bytes are is for the decoder to find out; anything else is refused at once.
   */
  private static boolean image(String type) {
    String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return PictureType.is(essence) || UNTYPED.contains(essence);
  }
}
