package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarGzTest {
  @Test
  void takesTheWantedFilesAndNoOthers() throws IOException {
    byte[] archive =
        new TarFile()
            .file("a", "first")
            .entry("folder/", '5', TarFile.octal(0), new byte[0])
            .file("folder/b", new byte[1000])
            .file("empty", "")
            .file("c", "last")
            .gzipped();
    assertThat(TarFile.read(archive, "a", "folder/b", "empty"))
        .containsOnlyKeys("a", "folder/b", "empty")
        .hasEntrySatisfying("a", a -> assertThat(a).asString().isEqualTo("first"))
        .hasEntrySatisfying("folder/b", b -> assertThat(b).isEqualTo(new byte[1000]))
        .hasEntrySatisfying("empty", empty -> assertThat(empty).isEmpty());
  }

  @Test
  void joinsThePrefixOfLongNames() throws IOException {
    byte[] header = TarFile.header("file", '0', TarFile.octal(0));
    header[345] = 'p';
    int sum = 0;
    for (byte b : header) {
      sum += Byte.toUnsignedInt(b);
    }
    byte[] octal = "%06o\0 ".formatted(sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, header, 148, 8);
    assertThat(TarFile.read(new TarFile().raw(header).gzipped(), "p/file")).containsKey("p/file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "a/../../b", "..", "a/..", "/etc/a", "a\\b", ""})
  void refusesNamesThatLeaveTheArchive(String name) {
    byte[] archive = new TarFile().file("a", "x").file(name, "x").gzipped();
    assertRefused(archive, "malformed archive: a name that");
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '6', 'x', 'g', 'L', 'K', 'S'})
  void refusesEntriesThatAreNeitherFileNorFolder(char type) {
    byte[] archive =
        new TarFile().file("a", "x").entry("b", type, TarFile.octal(0), new byte[0]).gzipped();
    assertRefused(archive, "neither a file nor a folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00100000001",
        "77777777777",
        "777777777777",
        "\u0080\0\0\0\0\0\0\0\0\0\0\7",
        "-1",
        "",
        "9"
      })
  void refusesSizesThatAreHugeOrNoSizes(String size) {
    byte[] archive = new TarFile().file("a", "x").entry("b", '0', size, new byte[0]).gzipped();
    assertRefused(archive, "malformed archive");
  }

  @Test
  void acceptsAFileOfExactlyTheLargestSize() throws IOException {
    byte[] archive = new TarFile().file("a", new byte[TarGz.MAX_FILE]).gzipped();
    assertThat(TarFile.read(archive, "a").get("a")).hasSize(TarGz.MAX_FILE);
  }

  @Test
  void refusesMoreThanTheLargestTotal() {
    TarFile tar = new TarFile().file("a", "x");
    for (long size = 0; size <= TarGz.MAX_TOTAL; size += TarGz.MAX_FILE) {
      tar.file("zeros" + size, new byte[TarGz.MAX_FILE]);
    }
    assertRefused(tar.gzipped(), "more bytes than allowed");
  }

  @Test
  void countsWhatFollowsTheEndToo() {
    byte[] bomb = new byte[(int) TarGz.MAX_TOTAL + 1];
    assertRefused(TarFile.gzip(bomb), "more bytes than allowed");
  }

  @Test
  void refusesAWrongHeaderSum() {
    byte[] header = TarFile.header("b", '0', TarFile.octal(0));
    assertRefused(new TarFile().file("a", "x").raw(header).gzipped(), "octal");
    Arrays.fill(header, 148, 154, (byte) '1');
    assertRefused(new TarFile().file("a", "x").raw(header).gzipped(), "wrong sum");
  }

  @Test
  void refusesAWantedFileTwice() {
    assertRefused(new TarFile().file("a", "x").file("a", "y").gzipped(), "a file twice");
  }

  @Test
  void saysWhichFileIsMissing() {
    assertRefused(new TarFile().file("b", "x").gzipped(), "the archive lacks a");
  }

  @Test
  void refusesAnArchiveCutShortAnywhere() throws IOException {
    byte[] archive = new TarFile().file("a", "content").gzipped();
    assertThat(TarFile.read(archive, "a")).containsKey("a");
    for (int length = 0; length < archive.length; length++) {
      byte[] cut = Arrays.copyOf(archive, length);
      assertThatExceptionOfType(ModelSourceException.class)
          .as("cut to %d bytes", length)
          .isThrownBy(() -> TarFile.read(cut, "a"));
    }
  }

  @Test
  void refusesATarWithoutItsEnd() {
    byte[] tar = TarFile.header("", '0', "");
    assertRefused(TarFile.gzip(Arrays.copyOf(tar, 100)), "cut short");
    assertRefused(TarFile.gzip(new byte[0]), "cut short");
  }

  @Test
  void refusesWhatIsNotGzip() {
    assertRefused(
        "plain text, not gzip".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "gzip");
  }

  @Test
  void passesOnThatTheDiskCannotBeRead() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk");
          }
        };
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> TarGz.read(broken, Set.of("a")))
        .withMessage("disk");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> TarGz.read(new ByteArrayInputStream(new byte[0]), Set.of()));
  }

  private static void assertRefused(byte[] archive, String complaint) {
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> TarFile.read(archive, "a"))
        .withMessageContaining(complaint);
  }
}
