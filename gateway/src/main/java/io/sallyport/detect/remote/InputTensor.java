package io.sallyport.detect.remote;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * One input of a question, held as the binary tensor data extension spells it: little-endian, row
 * by row; a text as its length in four bytes and its UTF-8. Immutable.
 */
final class InputTensor {
  private final String name;
  private final Type type;
  private final List<Integer> shape;
  private final byte[] binary;

  private InputTensor(String name, Type type, List<Integer> shape, byte[] binary) {
    this.name = name;
    this.type = type;
    this.shape = List.copyOf(shape);
    this.binary = binary;
  }

  /** Rows of equally many ids. */
  static InputTensor ids(String name, List<long[]> rows) {
    int columns = rows.getFirst().length;
    ByteBuffer all = buffer(Math.multiplyExact(rows.size(), columns * Long.BYTES));
    for (long[] row : rows) {
      for (long id : row) {
        all.putLong(id);
      }
    }
    return new InputTensor(name, Type.INT64, List.of(rows.size(), columns), all.array());
  }

  /**
   * Pictures of equally many numbers.
   *
   * @param shape of one row, a leading 1 in it
   */
  static InputTensor numbers(String name, long[] shape, List<float[]> rows) {
    ByteBuffer all = buffer(Math.multiplyExact(rows.size(), rows.getFirst().length * Float.BYTES));
    for (float[] row : rows) {
      for (float number : row) {
        all.putFloat(number);
      }
    }
    Integer[] whole = new Integer[shape.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = i == 0 ? rows.size() : Math.toIntExact(shape[i]);
    }
    return new InputTensor(name, Type.FP32, List.of(whole), all.array());
  }

  /**
   * Texts. What is no Unicode, half a surrogate pair, becomes a question mark.
   *
   * @param rank 1 for shape [n], 2 for [n, 1]
   */
  static InputTensor texts(String name, int rank, List<String> texts) {
    List<byte[]> encoded =
        texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    int size = encoded.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
    ByteBuffer all = buffer(size);
    encoded.forEach(text -> all.putInt(text.length).put(text));
    List<Integer> shape = rank == 1 ? List.of(texts.size()) : List.of(texts.size(), 1);
    return new InputTensor(name, Type.BYTES, shape, all.array());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] binary() {
    return binary;
  }

  /** Writes name, shape and datatype, and the elements or how many bytes they are. */
  void write(JsonGenerator json, boolean asBytes) {
    json.writeStartObject();
    json.writeStringProperty("name", name);
    json.writeArrayPropertyStart("shape");
    shape.forEach(json::writeNumber);
    json.writeEndArray();
    json.writeStringProperty("datatype", type.name());
    if (asBytes) {
      json.writeObjectPropertyStart("parameters");
      json.writeNumberProperty("binary_data_size", binary.length);
      json.writeEndObject();
    } else {
      json.writeArrayPropertyStart("data");
      elements(json);
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void elements(JsonGenerator json) {
    ByteBuffer in = ByteBuffer.wrap(binary).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      switch (type) {
        case INT64 -> json.writeNumber(in.getLong());
        case FP32 -> json.writeNumber(in.getFloat());
        case BYTES -> {
          byte[] text = new byte[in.getInt()];
          in.get(text);
          json.writeString(new String(text, StandardCharsets.UTF_8));
        }
      }
    }
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "InputTensor[" + name + ", " + type + ", " + shape + "]";
  }

  /** The protocol's names of element types. */
  private enum Type {
    INT64,
    FP32,
    BYTES
  }
}
