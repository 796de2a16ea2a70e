package io.sallyport.detect.image;

import io.sallyport.detect.onnx.Framing;

/**
 * The weights of a resampling kernel along one axis, as Pillow computes them ({@code
 * precompute_coeffs} in its {@code src/libImaging/Resample.c}): where a picture is made smaller,
 * the kernel is made wider by the ratio, so that every pixel counts.
 *
 * <p>Output {@code i} lies at {@code (i + 0.5) * length / scaled} of the source; source pixel
 * {@code j} at {@code j + 0.5}. Its weight is the kernel at their distance, divided by the ratio
 * where that is above 1; weights of an output sum to 1, also at the edges.
 *
 * @param first by output, the first source pixel that counts
 * @param count by output, how many do
 * @param taps weights reserved for each output
 * @param weights {@code taps} for each output
 */
record KernelAxis(int[] first, int[] count, int taps, float[] weights) {

  /**
   * @param length of the source
   * @param scaled length of the whole scaled picture
   * @param from the first output that is wanted
   * @param outputs how many are
   */
  static KernelAxis of(Framing.Kernel kernel, int length, int scaled, int from, int outputs) {
    double ratio = (double) length / scaled;
    double wider = Math.max(1, ratio);
    double support = support(kernel) * wider;
    int taps = Math.min(length, 2 * (int) Math.ceil(support) + 1);
    KernelAxis axis =
        new KernelAxis(new int[outputs], new int[outputs], taps, new float[outputs * taps]);
    double[] raw = new double[taps];
    for (int i = 0; i < outputs; i++) {
      double centre = (from + i + 0.5) * ratio;
      int first = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(length, (int) (centre + support + 0.5));
      axis.first[i] = first;
      axis.count[i] = end - first;
      double sum = 0;
      for (int j = 0; j < end - first; j++) {
        raw[j] = at(kernel, (first + j - centre + 0.5) / wider);
        sum += raw[j];
      }
      for (int j = 0; j < end - first; j++) {
        axis.weights[i * taps + j] = (float) (raw[j] / sum);
      }
    }
    return axis;
  }

  /** The weight of source pixel {@code source} for an output that it counts for. */
  float weight(int output, int source) {
    return weights[output * taps + source - first[output]];
  }

  private static double support(Framing.Kernel kernel) {
    return switch (kernel) {
      case BILINEAR -> 1;
      case BICUBIC -> 2;
      case AREA -> throw new IllegalArgumentException("areas are no kernel of distances");
    };
  }

  private static double at(Framing.Kernel kernel, double distance) {
    double x = Math.abs(distance);
    return switch (kernel) {
      case BILINEAR -> Math.max(0, 1 - x);
      case BICUBIC -> cubic(x);
      case AREA -> throw new IllegalArgumentException("areas are no kernel of distances");
    };
  }

  /** Keys, <i>Cubic convolution interpolation for digital image processing</i>, 1981; a = -0.5. */
  private static double cubic(double x) {
    if (x < 1) {
      return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  }
}
