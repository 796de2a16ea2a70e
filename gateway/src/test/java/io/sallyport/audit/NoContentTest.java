package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** I7: what the log keeps of prompts, images and end users is their keyed hashes. */
class NoContentTest {
  private static final String PROMPT = "a canary named Quillfeather on a bicycle";
  private static final byte[] IMAGE = "pixels of Quillfeather".getBytes(UTF_8);
  private static final String USER = "quillfeather@example.org";

  @TempDir Path dataDir;

  @Test
  void no_file_of_the_log_holds_the_prompt_the_image_or_the_user() throws Exception {
    KeyedHash hash = KeyedHash.open(dataDir);
    Set<String> seen = new HashSet<>();
    try (AuditLog log = Logs.open(dataDir)) {
      Logs.await(log.append(decided(hash)));
      seen.addAll(filesHolding(hash.ofText(PROMPT)));
      requireNoCanary();
    }
    seen.addAll(filesHolding(hash.ofText(PROMPT)));
    requireNoCanary();
    assertThat(seen)
        .as("where the hash was found, so that looking works")
        .contains("audit.db", "audit.db-wal");
  }

  private static AuditEvent decided(KeyedHash hash) {
    var request =
        new AuditEvent.Request("r", "studio", hash.ofSubject(USER), "openai-images", "generations");
    var event = Events.blocked(Events.TIME, request, Stage.PROMPT, Category.STAND_IN);
    return new AuditEvent.Decided(
        event.time(),
        request,
        event.decision(),
        event.detectors(),
        event.coverage(),
        Map.of(),
        List.of(hash.ofText(PROMPT)),
        List.of(hash.ofImage(ByteBuffer.wrap(IMAGE))),
        false);
  }

  private void requireNoCanary() throws Exception {
    for (String canary : List.of("Quillfeather", "quillfeather", "bicycle", "example.org")) {
      assertThat(filesHolding(canary)).as(canary).isEmpty();
    }
  }

  private Set<String> filesHolding(String text) throws Exception {
    Set<String> holding = new HashSet<>();
    try (var files = Files.list(dataDir)) {
      for (Path file : files.toList()) {
        if (new String(Files.readAllBytes(file), ISO_8859_1).contains(text)) {
          holding.add(file.getFileName().toString());
        }
      }
    }
    return holding;
  }
}
