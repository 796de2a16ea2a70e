package io.sallyport.detect.onnx.export;

/**
 * How an export scales pictures, as keys of a card's {@code input}.
 *
 * @param side of the square that the model reads, in pixels
 * @param edge what the shorter edge is scaled to before the square is cut out of the middle; 0
 *     where the picture is stretched to the square
 * @param kernel how pixels are weighed: {@code area}, {@code bilinear} or {@code bicubic}
 */
record FramingKeys(int side, int edge, String kernel) {

  /** The keys, each followed by a comma. */
  String yaml(Notes notes) {
    String mode = edge > 0 ? "{mode: shortest-edge, to: " + edge + "}" : "{mode: stretch}";
    String cut = edge > 0 ? "shorter edge " + edge + ", cut to " : "stretched to ";
    notes.took("resize", cut + side + "x" + side, PixelKeys.FILE);
    return "side: " + side + ", resize: " + mode + ", kernel: " + kernel + ", ";
  }
}
