package io.sallyport.dialect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Which tensors are pixels: {@code UINT8}, or {@code FP32} from 0 to 1, of the shape [height,
 * width, channels] or [pictures, height, width, channels], with 1 channel (grey), 3 (red, green,
 * blue) or 4 (and alpha). Of any other type, range or shape two readers could see two pictures.
 * Pure.
 */
final class PixelTensor {
  private static final int SIDE_MAX = 1 << 16;
  private static final long BYTES_MAX = 1L << 30;

  private PixelTensor() {}

  /**
   * Refuses a tensor that is not as said above.
   *
   * @throws UnreadableException {@link Defect#NOT_JUDGED}
   */
  static void require(byte[] body, Tensor tensor) {
    int dimensions = tensor.shape().size();
    boolean known =
        (tensor.type() == Tensor.Type.UINT8 || tensor.type() == Tensor.Type.FP32)
            && (dimensions == 3 || dimensions == 4);
    if (!known || !isPicture(picture(tensor, tensor.start(), ""))) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
    if (tensor.type() == Tensor.Type.FP32) {
      requireRange(body, tensor);
    }
  }

  /**
   * One picture of a tensor that is as said above.
   *
   * @param start offset of its first byte
   */
  static ImagePart.Pixels picture(Tensor tensor, int start, String where) {
    List<Integer> sides = tensor.shape().subList(tensor.shape().size() - 3, tensor.shape().size());
    boolean floats = tensor.type() == Tensor.Type.FP32;
    return new ImagePart.Pixels(start, sides.get(0), sides.get(1), sides.get(2), floats, where);
  }

  private static boolean isPicture(ImagePart.Pixels it) {
    return (it.channels() == 1 || it.channels() == 3 || it.channels() == 4)
        && it.height() <= SIDE_MAX
        && it.width() <= SIDE_MAX
        && it.height() * (it.width() * (long) it.channels() + 1) <= BYTES_MAX;
  }

  /** Not a number is in no range. */
  private static void requireRange(byte[] body, Tensor tensor) {
    ByteBuffer floats = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = tensor.start(); i < tensor.end(); i += Float.BYTES) {
      float value = floats.getFloat(i);
      if (!(value >= 0 && value <= 1)) {
        throw new UnreadableException(Defect.NOT_JUDGED);
      }
    }
  }
}
