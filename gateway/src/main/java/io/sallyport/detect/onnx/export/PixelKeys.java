package io.sallyport.detect.onnx.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What {@code preprocessor_config.json} says about pixels, as keys of a card's {@code input}. Every
 * key that changes pixels is read or refused.
 */
final class PixelKeys {
  static final String FILE = "preprocessor_config.json";

  /** ConvNeXt crops below this side and stretches above. */
  private static final int CROPPED_BELOW = 384;

  private static final int SIDE_MIN = 8;
  private static final int SIDE_MAX = 1024;

  private final JsonNode config;
  private final ExportFolder folder;
  private final Notes notes;

  PixelKeys(JsonNode config, ExportFolder folder, Notes notes) {
    this.config = config;
    this.folder = folder;
    this.notes = notes;
  }

  /** The keys from {@code side} to {@code std}, without {@code tensor} and {@code layout}. */
  String yaml() {
    if (config.isMissingNode()) {
      folder.problem(FILE, "is not there: nothing tells how pictures are scaled");
      return "";
    }
    for (String key : List.of("do_pad", "do_thumbnail", "do_align_long_axis")) {
      if (config.path(key).asBoolean(false)) {
        folder.problem(FILE, key + ": true is not supported");
      }
    }
    return framing().map(framing -> framing.yaml(notes)).orElse("") + channels() + values();
  }

  private Optional<FramingKeys> framing() {
    if (!config.path("do_resize").asBoolean(true)) {
      return problem("do_resize: false: the model would have to read pictures of every size");
    }
    Optional<String> kernel = kernel();
    Optional<int[]> sizes = config.has("crop_pct") ? cropped() : sizes();
    if (kernel.isEmpty() || sizes.isEmpty()) {
      return Optional.empty();
    }
    int side = sizes.get()[0];
    int edge = sizes.get()[1];
    if (side < SIDE_MIN || side > SIDE_MAX || (edge > 0 && edge < side)) {
      return problem("size: expected a square of " + SIDE_MIN + " to " + SIDE_MAX + " pixels");
    }
    return Optional.of(new FramingKeys(side, edge, kernel.get()));
  }

  /** Side and edge. */
  private Optional<int[]> sizes() {
    JsonNode size = config.path("size");
    boolean crop = config.path("do_center_crop").asBoolean(false);
    int side = crop ? square(config.path("crop_size")) : square(size);
    if (size.has("shortest_edge")) {
      int edge = size.path("shortest_edge").asInt(0);
      return crop && side > 0 && edge > 0
          ? Optional.of(new int[] {side, edge})
          : problem("size: a shortest_edge needs do_center_crop and a square crop_size");
    }
    // Written before sizes had names: one number is the shorter edge where there is a crop.
    if (crop && size.isInt() && side > 0) {
      return Optional.of(new int[] {side, size.asInt()});
    }
    int scaled = square(size);
    if (scaled == 0 || side == 0) {
      return problem("size: expected {height, width} of a square, or {shortest_edge}");
    }
    return crop && side != scaled
        ? problem("size: a crop of " + side + " from a picture stretched to " + scaled)
        : Optional.of(new int[] {scaled, 0});
  }

  /** ConvNeXt's: the square is cut out of a picture that is a little larger. */
  private Optional<int[]> cropped() {
    JsonNode size = config.path("size");
    int side = size.has("shortest_edge") ? size.path("shortest_edge").asInt(0) : square(size);
    double part = config.path("crop_pct").asDouble(0);
    if (side == 0 || !(part > 0 && part <= 1)) {
      return problem("size: expected {shortest_edge}, and crop_pct from 0 to 1");
    }
    return Optional.of(new int[] {side, side < CROPPED_BELOW ? (int) (side / part) : 0});
  }

  /** The side of a square, or 0. */
  private static int square(JsonNode size) {
    int height = size.isInt() ? size.asInt() : size.path("height").asInt(0);
    int width = size.isInt() ? size.asInt() : size.path("width").asInt(0);
    return height == width ? height : 0;
  }

  /** Pillow's numbers of its filters. */
  private Optional<String> kernel() {
    if (!config.has("resample")) {
      notes.assumed("kernel", "bilinear", FILE + " does not say");
      return Optional.of("bilinear");
    }
    return switch (config.path("resample").asInt(-1)) {
      case 2 -> kernel("bilinear");
      case 3 -> kernel("bicubic");
      case 4 -> kernel("area");
      default -> problem("resample: expected 2 (bilinear), 3 (bicubic) or 4 (box)");
    };
  }

  private Optional<String> kernel(String told) {
    notes.took("kernel", told, "resample in " + FILE);
    return Optional.of(told);
  }

  private String channels() {
    boolean flipped = config.path("do_flip_channel_order").asBoolean(false);
    String order = flipped ? "bgr" : "rgb";
    if (flipped) {
      notes.took("channels", order, "do_flip_channel_order in " + FILE);
    } else {
      notes.assumed("channels", order, "as every image processor but those that flip them");
    }
    return "channels: " + order + ", ";
  }

  private String values() {
    boolean rescale = config.path("do_rescale").asBoolean(true);
    double factor = rescale ? config.path("rescale_factor").asDouble(1.0 / 255) : 1;
    // A factor is written with some fifteen digits; 1 should not become 0.9999999999999999.
    double high = Math.round(255 * factor * 1e9) / 1e9;
    boolean offset = rescale && config.path("rescale_offset").asBoolean(false);
    double low = offset ? -1 : 0;
    boolean normalise = config.path("do_normalize").asBoolean(true);
    List<Double> mean = normalise ? three("image_mean") : List.of(0.0, 0.0, 0.0);
    List<Double> std = normalise ? three("image_std") : List.of(1.0, 1.0, 1.0);
    if (high <= 0 || high > 1000 || std.stream().anyMatch(value -> !(value > 0))) {
      folder.problem(FILE, "rescale_factor and image_std must be above 0");
    }
    List<Double> range = List.of(low, high + low);
    notes.took("values", "range " + range + ", mean " + mean + ", std " + std, FILE);
    return "range: " + range + ", mean: " + mean + ", std: " + std;
  }

  private List<Double> three(String key) {
    List<Double> numbers = new ArrayList<>();
    config.path(key).forEach(number -> numbers.add(number.asDouble(Double.NaN)));
    if (numbers.size() == 3 && numbers.stream().allMatch(Double::isFinite)) {
      return numbers;
    }
    folder.problem(FILE, key + ": expected three numbers");
    return List.of(1.0, 1.0, 1.0);
  }

  private <T> Optional<T> problem(String message) {
    folder.problem(FILE, message);
    return Optional.empty();
  }
}
