package io.sallyport.detect.onnx.convert;

import static io.sallyport.detect.onnx.convert.TfjsScript.integers;
import static io.sallyport.detect.onnx.convert.TfjsScript.text;
import static io.sallyport.detect.onnx.convert.TfjsScript.texts;

import io.sallyport.detect.onnx.convert.ReferenceConvolution.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A graph with a convolution of a random shape, and then a depthwise one that weighs every place
 * differently and leaves one pixel: a wrong pad, axis or channel order shows in the result.
 */
final class RandomConvolution {
  private final SplittableRandom random;
  private final int side;
  private final int channels;
  private final int kernel;
  private final int stride;
  private final int last;
  private final boolean same;
  private final boolean depthwise;
  private final boolean relu6;
  private final int outputs;
  private final int[] filter;
  private final int[] bias;
  private final Picture picture;
  private final Picture between;
  private final int[] weighing;
  private final int[] zero;

  RandomConvolution(long seed) {
    random = new SplittableRandom(seed);
    side = random.nextInt(3, 9);
    channels = random.nextInt(1, 4);
    kernel = random.nextInt(1, 4);
    stride = random.nextInt(1, 3);
    last = random.nextInt(1, 4);
    same = random.nextBoolean();
    depthwise = random.nextBoolean();
    relu6 = random.nextBoolean();
    outputs = depthwise ? channels * last : last;
    filter = stored(kernel * kernel * channels * last);
    bias = stored(outputs);
    picture = new Picture(side, side, channels, pixels(side * side * channels));
    between =
        ReferenceConvolution.apply(
            picture, kernel, real(filter), real(bias), stride, same, depthwise, relu6);
    weighing = stored(between.height() * between.width() * outputs);
    zero = new int[outputs];
    Arrays.fill(zero, (int) (-TfjsScript.MIN / TfjsScript.SCALE));
  }

  Picture picture() {
    return picture;
  }

  float[] expected() {
    return ReferenceConvolution.apply(
            between, between.height(), real(weighing), real(zero), 1, false, true, false)
        .elements();
  }

  TfjsGraph graph() throws ModelSourceException {
    String op = depthwise ? "FusedDepthwiseConv2dNative" : "_FusedConv2D";
    List<String> fused = relu6 ? List.of("BiasAdd", "Relu6") : List.of("BiasAdd");
    return new TfjsScript()
        .input(side, side, channels)
        .weight("f", List.of(kernel, kernel, channels, last), filter)
        .weight("b", List.of(outputs), bias)
        .weight("w", List.of(between.height(), between.width(), outputs, 1), weighing)
        .weight("z", List.of(outputs), zero)
        .node("c", op, List.of("x", "f", "b"), sliding(stride, same, fused))
        .node(
            "d",
            "FusedDepthwiseConv2dNative",
            List.of("c", "w", "z"),
            sliding(1, false, List.of("BiasAdd")))
        .node("s", "Squeeze", List.of("d"), integers("squeeze_dims", 1, 2))
        .graph();
  }

  /** The attributes of a fused convolution. */
  static String sliding(int stride, boolean same, List<String> fused) {
    return String.join(
        ",",
        integers("strides", 1, stride, stride, 1),
        integers("dilations", 1, 1, 1, 1),
        text("padding", same ? "SAME" : "VALID"),
        text("data_format", "NHWC"),
        texts("fused_ops", fused));
  }

  private int[] stored(int count) {
    return random.ints(count, 0, 256).toArray();
  }

  private static float[] real(int[] stored) {
    float[] real = new float[stored.length];
    for (int i = 0; i < real.length; i++) {
      real[i] = (float) (stored[i] * TfjsScript.SCALE + TfjsScript.MIN);
    }
    return real;
  }

  private float[] pixels(int count) {
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = random.nextInt(-8, 9) / 16f;
    }
    return pixels;
  }
}
