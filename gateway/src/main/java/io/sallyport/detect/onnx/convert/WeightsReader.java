package io.sallyport.detect.onnx.convert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a tfjs model, cut out of its shards one after another.
 *
 * <p>Every weight must be float32 stored as uint8 with an affine quantisation: {@code value = byte
 * * scale + min} in double, rounded to float, exactly as {@code decodeWeights} of tfjs does.
 */
final class WeightsReader {
  private final byte[] bytes;
  private int at;

  private WeightsReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads one group of a weights manifest.
   *
   * @param specs the group's {@code weights}: name, shape, dtype, quantization
   * @param bytes the group's shards, joined; used up to the last byte
   */
  static Map<String, Weight> read(List<Literal> specs, byte[] bytes) throws ModelSourceException {
    WeightsReader reader = new WeightsReader(bytes);
    Map<String, Weight> weights = new HashMap<>();
    for (Literal spec : specs) {
      String name = spec.get("name").text();
      if (weights.put(name, reader.next(name, spec)) != null) {
        throw new ModelSourceException("weight '" + name + "' is there twice");
      }
    }
    if (reader.at != bytes.length) {
      throw new ModelSourceException("the shards hold more bytes than the weights need");
    }
    return weights;
  }

  private Weight next(String name, Literal spec) throws ModelSourceException {
    Literal quantization = spec.get("quantization");
    if (!spec.get("dtype").text().equals("float32")
        || !quantization.get("dtype").text().equals("uint8")) {
      throw new ModelSourceException("weight '" + name + "' is not float32 stored as uint8");
    }
    double scale = quantization.get("scale").number();
    double min = quantization.get("min").number();
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (Literal size : spec.get("shape").items()) {
      shape.add(size(name, size.number()));
      // Before each multiplication both factors are at most 2^31, so a long cannot overflow.
      count *= shape.getLast();
      if (count > bytes.length - at) {
        throw new ModelSourceException("the shards end inside weight '" + name + "'");
      }
    }
    if (count > bytes.length - at) {
      throw new ModelSourceException("the shards end inside weight '" + name + "'");
    }
    float[] elements = new float[(int) count];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) (Byte.toUnsignedInt(bytes[at++]) * scale + min);
    }
    return new Weight(shape, elements);
  }

  private static int size(String name, double value) throws ModelSourceException {
    if (value < 1 || value > Integer.MAX_VALUE || value != Math.rint(value)) {
      throw new ModelSourceException("weight '" + name + "' has a size that is no size");
    }
    return (int) value;
  }
}
