package io.sallyport.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Rows for tests. */
final class Rows {
  private Rows() {}

  /** A row of one vector; its key is its line. */
  static LabelledRow row(int line, boolean[] labels, float... vector) {
    return new LabelledRow(line, "key" + line, List.of(vector), list(labels));
  }

  static List<Boolean> list(boolean... labels) {
    List<Boolean> list = new ArrayList<>();
    for (boolean label : labels) {
      list.add(label);
    }
    return list;
  }

  /** Noise of so many numbers, shifted in the first by 2 where the only label is true. */
  static List<LabelledRow> shifted(int count, int size, RandomGenerator random) {
    List<LabelledRow> rows = new ArrayList<>();
    for (int line = 1; line <= count; line++) {
      boolean label = line % 2 == 0;
      float[] vector = noise(size, random);
      vector[0] += label ? 2 : -2;
      rows.add(row(line, new boolean[] {label}, vector));
    }
    return rows;
  }

  static float[] noise(int size, RandomGenerator random) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /** Two numbers, and the label that they differ in sign: no plane tells them apart. */
  static List<LabelledRow> crossed(int count, RandomGenerator random) {
    List<LabelledRow> rows = new ArrayList<>();
    for (int line = 1; line <= count; line++) {
      float x = (random.nextBoolean() ? 1 : -1) * (0.3f + random.nextFloat());
      float y = (random.nextBoolean() ? 1 : -1) * (0.3f + random.nextFloat());
      rows.add(row(line, new boolean[] {x * y < 0}, x, y));
    }
    return rows;
  }

  /** Every number of a head, for comparing to the last bit. */
  static List<Integer> bits(Head head) {
    List<Integer> bits = new ArrayList<>();
    for (Head.Layer layer : head.layers()) {
      for (float[] numbers : Arrays.asList(layer.weights(), layer.biases())) {
        for (float number : numbers) {
          bits.add(Float.floatToRawIntBits(number));
        }
      }
    }
    return bits;
  }
}
