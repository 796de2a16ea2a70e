package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FileBytesTest {
  /** Neighbours of 0xFF that carries and borrows could take for it. */
  private static final byte[] NEARLY = {(byte) 0xFE, 0x7F, (byte) 0x80, 0, 1};

  @Test
  void aMarkerIsFoundWhereverItIs() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(12) == 0 ? (byte) 0xFF : NEARLY[random.nextInt(NEARLY.length)];
      }
      FileBytes file = FileBytes.of(ByteBuffer.wrap(bytes));
      for (int from = 0; from <= bytes.length; from++) {
        assertThat(file.indexOfFF(from)).isEqualTo(indexOfFF(bytes, from));
      }
    }
  }

  private static int indexOfFF(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != (byte) 0xFF) {
      at++;
    }
    return at;
  }
}
