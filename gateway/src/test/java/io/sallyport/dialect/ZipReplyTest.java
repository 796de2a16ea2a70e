package io.sallyport.dialect;

import static io.sallyport.dialect.ZipFile.DEFLATED;
import static io.sallyport.dialect.ZipFile.STORED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of images, as servers pack them and as nobody should. */
class ZipReplyTest {
  private static final byte[] PNG = Base64.getDecoder().decode(Samples.PNG);
  private static final byte[] GIF = "GIF89a, more or less".getBytes(US_ASCII);

  @Test
  void findsEveryMember() throws BadBase64Exception {
    byte[] zip =
        new ZipFile()
            .add("image_0.png", STORED, PNG)
            .add("image_1.gif", DEFLATED, GIF)
            .addStreamed("image_2.png", PNG)
            .bytes();
    Reading.Parts parts = (Reading.Parts) read(zip);
    assertThat(parts.images())
        .extracting(ImagePart::where)
        .containsExactly("member 0", "member 1", "member 2");
    assertThat(parts.texts()).isEmpty();
    List<byte[]> expected = List.of(PNG, GIF, PNG);
    for (int i = 0; i < 3; i++) {
      byte[] image = new byte[expected.get(i).length];
      parts.images().get(i).bytes(zip).get(image);
      assertThat(image).isEqualTo(expected.get(i));
    }
    assertThat(parts.images().get(0)).as("takes no memory").isInstanceOf(ImagePart.Raw.class);
  }

  @Test
  void readsWhatTheJdkPacks() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream packer = new ZipOutputStream(out)) {
      for (String name : List.of("a.png", "bilder/ä.png")) {
        packer.putNextEntry(new ZipEntry(name));
        packer.write(PNG);
        packer.closeEntry();
      }
    }
    assertThat(((Reading.Parts) read(out.toByteArray())).images()).hasSize(2);
  }

  @Test
  void readsTheBodysLengthOnly() {
    byte[] zip = archive();
    byte[] longer = Arrays.copyOf(zip, zip.length + 100);
    assertThat(Samples.outcome(reply("application/zip", longer, zip.length))).isEqualTo("parts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/zip; a=b", "application/x-zip-compressed", "application/gzip"})
  void refusesOtherTypes(String type) {
    byte[] zip = archive();
    assertThat(Samples.outcome(reply(type, zip, zip.length)))
        .isEqualTo("content_type content-type");
  }

  /** Offsets are those of APPNOTE 4.3.7 and 4.3.12. */
  @ParameterizedTest
  @CsvSource({
    // place, field, value: encrypted, patched, strong, masked; methods; versions
    "both, 6, 1",
    "both, 6, 0x20",
    "both, 6, 0x40",
    "both, 6, 0x2000",
    "both, 8, 9",
    "both, 8, 12",
    "both, 8, 99",
    "both, 4, 45",
    "both, 4, 51",
    // sizes that deflate does not have, and another checksum
    "both, 18, 7",
    "both, 22, 7",
    "both, 14, 7",
    // the header alone says something else
    "header, 0, 0",
    "header, 4, 10",
    "header, 6, 2",
    "header, 8, 0",
    "header, 10, 1",
    "header, 12, 1",
    "header, 14, 1",
    "header, 18, 1",
    "header, 22, 1",
    "header, 26, 4",
    "header, 28, 1",
    "header, 30, 0x4141",
    // the entry alone: another disk, a comment, another place, more extra fields
    "entry, 0, 0",
    "entry, 30, 1",
    "entry, 32, 1",
    "entry, 34, 1",
    "entry, 42, 1",
    "entry, 44, 1",
    // the end: disks, counts, sizes, a comment
    "end, 0, 0",
    "end, 4, 1",
    "end, 6, 1",
    "end, 8, 0",
    "end, 8, 1",
    "end, 8, 3",
    "end, 10, 1",
    "end, 12, 1",
    "end, 16, 1",
    "end, 18, 0xFFFF",
    "end, 20, 1",
  })
  void refusesWhatReadersTakeDifferently(String place, String field, String value) {
    byte[] zip = archive();
    int at = Integer.decode(field);
    int to = Integer.decode(value);
    byte[] bad =
        switch (place) {
          case "header" -> ZipFile.header(zip, at, to);
          case "entry" -> ZipFile.entry(zip, at, to);
          case "both" -> ZipFile.entry(ZipFile.header(zip, at, to), at + 2, to);
          default -> ZipFile.end(zip, at, to);
        };
    assertThat(Samples.outcome(read(bad))).startsWith("malformed_zip");
  }

  @Test
  void refusesBytesBeforeBetweenAndAfter() {
    byte[] zip = archive();
    byte[] one = new byte[zip.length + 1];
    System.arraycopy(zip, 0, one, 1, zip.length);
    assertThat(Samples.outcome(read(one))).isEqualTo("malformed_zip member 0");
    assertThat(Samples.outcome(read(Arrays.copyOf(zip, zip.length + 1))))
        .isEqualTo("malformed_zip member 0");
    byte[] two = new byte[2 * zip.length];
    System.arraycopy(zip, 0, two, 0, zip.length);
    System.arraycopy(zip, 0, two, zip.length, zip.length);
    assertThat(Samples.outcome(read(two))).isEqualTo("malformed_zip member 0");
    for (int length = 1; length < zip.length; length++) {
      assertThat(Samples.outcome(read(Arrays.copyOf(zip, length)))).startsWith("malformed_zip");
    }
  }

  /** Who reads from the start finds a second member, who reads the directory does not. */
  @Test
  void refusesAMemberThatTheDirectoryDoesNotName() {
    byte[] zip = archive();
    int first = ZipFile.directory(zip) + 46 + "a.png".length();
    int bytes = 46 + "b.gif".length();
    byte[] shorter = without(zip, first, bytes);
    byte[] counted = ZipFile.end(ZipFile.end(shorter, 8, 1), 10, 1);
    byte[] sized = ZipFile.end(counted, 12, bytes);
    assertThat(Samples.outcome(read(sized))).isEqualTo("malformed_zip member 1");
  }

  @Test
  void refusesBytesInTheDirectoryThatAreNoEntry() {
    byte[] zip = archive();
    int directory = ZipFile.directory(zip);
    int size = zip.length - 22 - directory;
    byte[] longer = new byte[zip.length + 4];
    System.arraycopy(zip, 0, longer, 0, directory + size);
    System.arraycopy(zip, directory + size, longer, directory + size + 4, 22);
    assertThat(Samples.outcome(read(ZipFile.end(longer, 12, size + 4))))
        .isEqualTo("malformed_zip member 2");
  }

  @Test
  void refusesNamesTwiceAndNamesOfNoFile() {
    assertThat(outcome(new ZipFile().add("a", STORED, PNG).add("a", STORED, PNG)))
        .isEqualTo("malformed_zip member 1");
    assertThat(outcome(new ZipFile().add("", STORED, PNG))).isEqualTo("malformed_zip member 0");
    assertThat(outcome(new ZipFile().add("a\u0000b", STORED, PNG)))
        .isEqualTo("malformed_zip member 0");
    assertThat(outcome(new ZipFile().add("a".repeat(256), STORED, PNG)))
        .isEqualTo("malformed_zip member 0");
    assertThat(outcome(new ZipFile())).isEqualTo("malformed_zip member 0");
  }

  @Test
  void refusesExtraFieldsThatCouldSayMore() {
    int crc = ZipFile.crc(PNG);
    byte[] times = {0x55, 0x54, 5, 0, 1, 0, 0, 0, 0};
    byte[] zip64 = {1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] cut = {0x55, 0x54, 9, 0, 1};
    assertThat(outcome(new ZipFile().add("a", STORED, 0, PNG, PNG.length, crc, times)))
        .isEqualTo("parts");
    for (byte[] extra : List.of(zip64, cut, new byte[65], new byte[2])) {
      assertThat(outcome(new ZipFile().add("a", STORED, 0, PNG, PNG.length, crc, extra)))
          .isEqualTo("malformed_zip member 0");
    }
  }

  /** A reader that begins at the start of the file cannot know where the member ends. */
  @Test
  void refusesAStoredMemberWhoseSizeFollows() {
    assertThat(
            outcome(
                new ZipFile()
                    .add("a", STORED, 1 << 3, PNG, PNG.length, ZipFile.crc(PNG), new byte[0])))
        .isEqualTo("malformed_zip member 0");
  }

  @Test
  void refusesADescriptorThatLies() {
    byte[] zip = new ZipFile().addStreamed("a.png", PNG).bytes();
    int descriptor = ZipFile.directory(zip) - 16;
    for (int i = 0; i < 16; i++) {
      byte[] bad = zip.clone();
      bad[descriptor + i] ^= 1;
      assertThat(Samples.outcome(read(bad))).isEqualTo("malformed_zip member 0");
    }
  }

  @Test
  void refusesADeflatedStreamThatEndsElsewhere() {
    byte[] packed = ZipFile.deflate(PNG);
    int crc = ZipFile.crc(PNG);
    byte[] longer = Arrays.copyOf(packed, packed.length + 3);
    byte[] shorter = Arrays.copyOf(packed, packed.length - 1);
    for (byte[] bad : List.of(longer, shorter, new byte[0], new byte[] {7})) {
      assertThat(outcome(new ZipFile().add("a", DEFLATED, 0, bad, 70, crc, new byte[0])))
          .isIn("malformed_zip member 0", "unpacks_too_large member 0");
    }
    assertThat(outcome(new ZipFile().add("a", DEFLATED, 0, packed, 69, crc, new byte[0])))
        .isEqualTo("malformed_zip member 0");
    assertThat(outcome(new ZipFile().add("a", DEFLATED, 0, packed, 71, crc, new byte[0])))
        .isEqualTo("malformed_zip member 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "B", "a text file", "{\"prompt\":\"a dog\"}", "<svg/>", "PK\u0003\u0004"})
  void refusesMembersThatAreNoImages(String content) {
    byte[] bytes = content.getBytes(US_ASCII);
    assertThat(outcome(new ZipFile().add("a.png", STORED, PNG).add("b.png", STORED, bytes)))
        .isEqualTo("not_judged member 1");
  }

  @Test
  void refusesAnArchiveInAnArchive() {
    assertThat(outcome(new ZipFile().add("a.png", STORED, archive())))
        .isEqualTo("not_judged member 0");
    assertThat(outcome(new ZipFile().add("a.png", DEFLATED, archive())))
        .isEqualTo("not_judged member 0");
  }

  /** One hundred zeros for each byte, and one more; neither is unpacked. */
  @Test
  void refusesABombBeforeItUnpacks() {
    byte[] flat = Arrays.copyOf(PNG, 8 << 20);
    assertThat(outcome(new ZipFile().add("a.png", DEFLATED, flat)))
        .isEqualTo("unpacks_too_large member 0");
    byte[] packed = ZipFile.deflate(PNG);
    int tooMuch = packed.length * ZipUnpacking.RATIO_MAX + 1;
    assertThat(outcome(new ZipFile().add("a", DEFLATED, 0, packed, tooMuch, 0, new byte[0])))
        .isEqualTo("unpacks_too_large member 0");
  }

  /** Each is within the ratio; together they are not within the memory. */
  @Test
  void refusesMembersThatTogetherUnpackToTooMuch() {
    byte[] image = Arrays.copyOf(PNG, 9 << 20);
    // a twelfth of it does not shrink, so that the ratio is about twelve
    byte[] noise = new byte[(9 << 20) / 12];
    new java.util.SplittableRandom(3).nextBytes(noise);
    System.arraycopy(noise, 0, image, PNG.length, noise.length);
    byte[] packed = ZipFile.deflate(image);
    int crc = ZipFile.crc(image);
    ZipFile zip = new ZipFile();
    for (int i = 0; i < 8; i++) {
      zip.add("a" + i, DEFLATED, 0, packed, image.length, crc, new byte[0]);
    }
    assertThat(outcome(zip)).isEqualTo("unpacks_too_large member 7");
  }

  @Test
  void refusesTooManyMembers() {
    ZipFile zip = new ZipFile();
    for (int i = 0; i < 64; i++) {
      zip.add("a" + i, STORED, PNG);
    }
    assertThat(outcome(zip)).isEqualTo("parts");
    assertThat(outcome(zip.add("b", STORED, PNG))).isEqualTo("too_many_images member 0");
  }

  /** Two members may not share bytes: each begins where the one before ends. */
  @Test
  void refusesMembersThatOverlap() {
    byte[] zip = archive();
    int second = ZipFile.directory(zip) + 46 + "a.png".length();
    byte[] bad = zip.clone();
    Arrays.fill(bad, second + 42, second + 46, (byte) 0);
    assertThat(Samples.outcome(read(bad))).isEqualTo("malformed_zip member 1");
  }

  private static byte[] without(byte[] zip, int at, int bytes) {
    byte[] shorter = new byte[zip.length - bytes];
    System.arraycopy(zip, 0, shorter, 0, at);
    System.arraycopy(zip, at + bytes, shorter, at, shorter.length - at);
    return shorter;
  }

  private static byte[] archive() {
    return new ZipFile().add("a.png", DEFLATED, PNG).add("b.gif", STORED, GIF).bytes();
  }

  private static String outcome(ZipFile zip) {
    return Samples.outcome(read(zip.bytes()));
  }

  private static Reading read(byte[] zip) {
    return reply("application/zip", zip, zip.length);
  }

  private static Reading reply(String type, byte[] body, int length) {
    return Samples.IMAGES.readReply(Forms.EDIT, 200, type, body, length, ReadLimits.defaults());
  }
}
