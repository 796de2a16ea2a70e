package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtoWriterTest {
  /** The first row is the example of protobuf.dev; the others follow from its rules by hand. */
  @ParameterizedTest
  @CsvSource({
    "1, 150, 089601",
    "1, 0, 0800",
    "1, 127, 087f",
    "1, 128, 088001",
    "15, 1, 7801",
    "16, 1, 800101",
    "1, -1, 08ffffffffffffffffff01",
    "1, 9223372036854775807, 08ffffffffffffffff7f",
  })
  void writesIntegersAsVarints(int field, long value, String hex) {
    assertThat(new ProtoWriter().varint(field, value).toBytes())
        .asHexString()
        .isEqualTo(upper(hex));
  }

  @Test
  void writesTextWithItsLengthInBytes() {
    assertThat(new ProtoWriter().string(2, "testing").toBytes())
        .asHexString()
        .isEqualTo(upper("120774657374696e67"));
    assertThat(new ProtoWriter().string(2, "é").toBytes())
        .asHexString()
        .isEqualTo(upper("1202c3a9"));
  }

  @Test
  void writesFloatsLittleEndian() {
    assertThat(new ProtoWriter().float32(2, 1.5f).toBytes())
        .asHexString()
        .isEqualTo(upper("150000c03f"));
  }

  @Test
  void writesMessagesInsideMessages() {
    ProtoWriter inner = new ProtoWriter().varint(1, 150);
    assertThat(new ProtoWriter().message(3, inner).toBytes())
        .asHexString()
        .isEqualTo(upper("1a03089601"));
  }

  @Test
  void keepsTheOrderOfTheCallsAndRepeatsFields() {
    ProtoWriter more = new ProtoWriter().varint(1, 3);
    assertThat(new ProtoWriter().varint(2, 1).varint(1, 2).fields(more).toBytes())
        .asHexString()
        .isEqualTo(upper("100108020803"));
  }

  @Test
  void everyVarintReadsBackWithSevenBitsAByte() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1000; i++) {
      long value = random.nextLong() >>> random.nextInt(64);
      byte[] bytes = new ProtoWriter().varint(1, value).toBytes();
      BigInteger read = BigInteger.ZERO;
      for (int at = bytes.length - 1; at >= 1; at--) {
        assertThat((bytes[at] & 0x80) == 0).as("value %d", value).isEqualTo(at == bytes.length - 1);
        read = read.shiftLeft(7).or(BigInteger.valueOf(bytes[at] & 0x7F));
      }
      assertThat(read.longValue()).isEqualTo(value);
    }
  }

  private static String upper(String hex) {
    return HexFormat.of().withUpperCase().formatHex(HexFormat.of().parseHex(hex));
  }
}
