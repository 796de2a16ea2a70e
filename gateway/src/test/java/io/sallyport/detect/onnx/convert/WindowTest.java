package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  @ParameterizedTest
  @CsvSource({
    "224, 3, 2, 0, 1, 112",
    "225, 3, 2, 1, 1, 113",
    "224, 3, 1, 1, 1, 224",
    "7, 1, 1, 0, 0, 7",
    "7, 1, 2, 0, 0, 4",
    "5, 4, 1, 1, 2, 5",
    "2, 5, 3, 1, 2, 1",
  })
  void padsAsTensorFlowDoesForSame(
      int size, int kernel, int stride, int begin, int end, int places) {
    assertThat(Window.same(size, kernel, stride)).isEqualTo(new Window(begin, end, places));
  }

  @ParameterizedTest
  @CsvSource({"7, 7, 1, 1", "8, 3, 2, 3", "9, 3, 2, 4", "5, 1, 1, 5"})
  void doesNotPadForValid(int size, int kernel, int stride, int places) {
    assertThat(Window.valid(size, kernel, stride)).isEqualTo(new Window(0, 0, places));
  }

  @Test
  void sameAlwaysFitsExactlyAndPutsTheOddPixelAtTheEnd() {
    for (int size = 1; size < 40; size++) {
      for (int kernel = 1; kernel < 8; kernel++) {
        for (int stride = 1; stride < 5; stride++) {
          Window window = Window.same(size, kernel, stride);
          int padded = window.begin() + size + window.end();
          assertThat((padded - kernel) / stride + 1).isEqualTo(window.places());
          assertThat(window.places()).isEqualTo((size + stride - 1) / stride);
          assertThat(window.end() - window.begin()).isBetween(0, 1);
        }
      }
    }
  }
}
