package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedHashTest {
  @TempDir Path dataDir;

  private Path keyFile() {
    return dataDir.resolve(KeyedHash.FILE);
  }

  private byte[] plainHmac(String domain, byte[] content) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Files.readAllBytes(keyFile()), "HmacSHA256"));
    mac.update((domain + "\0").getBytes(UTF_8));
    return mac.doFinal(content);
  }

  @Test
  void hashes_are_the_documented_hmac() throws Exception {
    KeyedHash hash = KeyedHash.open(dataDir);
    HexFormat hex = HexFormat.of();
    assertThat(hash.ofText("a dög"))
        .isEqualTo(hex.formatHex(plainHmac("sallyport-text-v1", "a dög".getBytes(UTF_8))));
    assertThat(hash.ofImage(ByteBuffer.wrap(new byte[] {1, 2, 3})))
        .isEqualTo(hex.formatHex(plainHmac("sallyport-image-v1", new byte[] {1, 2, 3})));
    assertThat(hash.ofSubject("user-7"))
        .isEqualTo(hex.formatHex(plainHmac("sallyport-subject-v1", "user-7".getBytes(UTF_8))));
  }

  @Test
  void texts_images_and_subjects_never_share_a_name() {
    KeyedHash hash = KeyedHash.open(dataDir);
    assertThat(
            Set.of(
                hash.ofText("dog"),
                hash.ofSubject("dog"),
                hash.ofImage(ByteBuffer.wrap("dog".getBytes(UTF_8)))))
        .hasSize(3);
  }

  @Test
  void texts_that_utf8_cannot_tell_apart_have_names_of_their_own() {
    KeyedHash hash = KeyedHash.open(dataDir);
    assertThat(Set.of(hash.ofText("?"), hash.ofText("\ud800"), hash.ofText("\udc00"))).hasSize(3);
    assertThat(hash.ofText("\ud83d\ude80")).isNotEqualTo(hash.ofText("\ude80\ud83d"));
  }

  @Test
  void the_same_key_gives_the_same_names_after_a_restart_and_another_key_others() throws Exception {
    String first = KeyedHash.open(dataDir).ofText("dog");
    assertThat(KeyedHash.open(dataDir).ofText("dog")).isEqualTo(first);
    assertThat(KeyedHash.open(dataDir).keyId()).isEqualTo(KeyedHash.open(dataDir).keyId());

    String id = KeyedHash.open(dataDir).keyId();
    Files.delete(keyFile());
    assertThat(KeyedHash.open(dataDir).ofText("dog")).isNotEqualTo(first);
    assertThat(KeyedHash.open(dataDir).keyId()).isNotEqualTo(id).matches("[0-9a-f]{16}");
  }

  @Test
  void a_missing_key_is_made_for_its_owner_only() throws IOException {
    KeyedHash.open(dataDir);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
    assertThat(Files.size(keyFile())).isEqualTo(32);
    try (var files = Files.list(dataDir)) {
      assertThat(files).containsExactly(keyFile());
    }
  }

  @Test
  void what_a_crash_left_of_a_new_key_does_not_matter() throws IOException {
    Files.write(dataDir.resolve(KeyedHash.FILE + ".new"), new byte[5]);
    assertThat(KeyedHash.open(dataDir).ofText("dog")).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
  void a_key_that_others_can_reach_is_refused(String permissions) throws IOException {
    KeyedHash.open(dataDir);
    Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> KeyedHash.open(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining(permissions)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void a_key_that_only_its_owner_reads_may_be_read_only() throws IOException {
    KeyedHash.open(dataDir);
    Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString("r--------"));
    assertThat(KeyedHash.open(dataDir).ofText("dog")).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 4096})
  void a_key_of_another_size_is_refused(int size) throws IOException {
    KeyedHash.open(dataDir);
    Files.write(keyFile(), new byte[size]);
    assertThatThrownBy(() -> KeyedHash.open(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining(size + " bytes");
  }

  @Test
  void threads_share_one_hash() {
    KeyedHash hash = KeyedHash.open(dataDir);
    List<String> expected =
        List.of(hash.ofText("0"), hash.ofText("1"), hash.ofText("2"), hash.ofText("3"));
    Set<String> wrong = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 20_000)
        .parallel()
        .forEach(
            i -> {
              String name = hash.ofText(Integer.toString(i % 4));
              if (!name.equals(expected.get(i % 4))) {
                wrong.add(name);
              }
            });
    assertThat(wrong).isEmpty();
  }

  @Test
  void hashing_leaves_the_buffer_as_it_was() {
    ByteBuffer image = ByteBuffer.allocateDirect(100);
    image.position(10).limit(90);
    KeyedHash.open(dataDir).ofImage(image.asReadOnlyBuffer());
    KeyedHash.open(dataDir).ofImage(image);
    assertThat(image.position()).isEqualTo(10);
    assertThat(image.remaining()).isEqualTo(80);
  }
}
