package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our reader of forms beside the one of Node's fetch (undici), and its writer. */
class FormDifferentialTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String[] NAMES = {"prompt", "image", "image[]", "lora[name]", "a.b-c_d"};
  private static final String[] FILE_NAMES = {"a.png", "IMG 1 (2).png", "höhe 😀.png", "100%.png"};

  @TempDir Path dir;

  /** Whatever an application gives to FormData, as long as its file names are plain. */
  @Test
  void readsWhatNodeWrites() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    List<List<Map<String, String>>> forms = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<Map<String, String>> form = new ArrayList<>();
      for (int k = random.nextInt(5); k >= 0; k--) {
        form.add(part(random));
      }
      forms.add(form);
    }
    JsonNode written = node("write", forms);
    for (int i = 0; i < forms.size(); i++) {
      JsonNode form = written.get(i);
      byte[] body = Base64.getDecoder().decode(form.get("body").asString());
      byte[] boundary = FormType.boundary(form.get("type").asString()).orElseThrow();
      List<List<String>> expected =
          forms.get(i).stream().map(FormDifferentialTest::asGiven).toList();
      assertThat(asRead(body, boundary)).as("seed 11 form %d", i).isEqualTo(expected);
    }
  }

  /** Of forms that are a little wrong: what we accept, Node refuses or reads alike. */
  @Test
  void readsNothingElseThanNodeDoes() throws Exception {
    byte[] boundary = Forms.BOUNDARY.getBytes(ISO_8859_1);
    byte[] good =
        Forms.form(
                Forms.field("prompt", "a dog"),
                Forms.file("image[]", "one\r\n--" + Forms.BOUNDARY.substring(0, 8)),
                Forms.field("lora[name]", ""))
            .getBytes(ISO_8859_1);
    List<Map<String, String>> accepted = new ArrayList<>();
    List<List<List<String>>> ours = new ArrayList<>();
    int[] refused = {0};
    Mutations.run(
        13,
        20_000,
        good,
        body -> {
          try {
            ours.add(asRead(body, boundary));
            accepted.add(
                Map.of("type", Forms.TYPE, "body", Base64.getEncoder().encodeToString(body)));
          } catch (UnreadableException e) {
            refused[0]++;
          }
        });
    assertThat(refused[0]).as("mutations that matter").isGreaterThan(10_000);
    assertThat(accepted).hasSizeGreaterThan(1_000);
    JsonNode theirs = node("read", accepted);
    int alike = 0;
    for (int i = 0; i < ours.size(); i++) {
      if (!theirs.get(i).isNull()) {
        assertThat(parts(theirs.get(i))).as("seed 13 accepted %d", i).isEqualTo(ours.get(i));
        alike++;
      }
    }
    assertThat(alike).isGreaterThan(1_000);
  }

  private JsonNode node(String action, Object input) throws Exception {
    String text = Node.run(dir, getClass(), "forms.mjs", action, JSON.writeValueAsString(input));
    return JSON.readTree(text);
  }

  private static Map<String, String> part(SplittableRandom random) {
    String name = NAMES[random.nextInt(NAMES.length)];
    if (random.nextBoolean()) {
      return Map.of("name", name, "value", "a dog ü 😀 --" + random.nextInt());
    }
    byte[] content = new byte[random.nextInt(300)];
    random.nextBytes(content);
    return Map.of(
        "name",
        name,
        "filename",
        FILE_NAMES[random.nextInt(FILE_NAMES.length)],
        "content",
        Base64.getEncoder().encodeToString(content));
  }

  /** Name, file name or null, and base64 of the content. */
  private static List<String> asGiven(Map<String, String> part) {
    List<String> row = new ArrayList<>();
    row.add(part.get("name"));
    row.add(part.get("filename"));
    row.add(
        part.containsKey("filename")
            ? part.get("content")
            : Base64.getEncoder().encodeToString(part.get("value").getBytes(UTF_8)));
    return row;
  }

  /** Contents of fields as Node gives them: as text. */
  private static List<List<String>> asRead(byte[] body, byte[] boundary) {
    List<List<String>> rows = new ArrayList<>();
    for (FormPart part : FormParts.read(body, boundary)) {
      byte[] content = java.util.Arrays.copyOfRange(body, part.start(), part.end());
      byte[] shown = part.file() ? content : new String(content, UTF_8).getBytes(UTF_8);
      List<String> row = new ArrayList<>();
      row.add(part.name());
      row.add(
          part.file()
              ? new String(body, part.nameStart(), part.nameEnd() - part.nameStart(), UTF_8)
              : null);
      row.add(Base64.getEncoder().encodeToString(shown));
      rows.add(row);
    }
    return rows;
  }

  private static List<List<String>> parts(JsonNode form) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode part : form) {
      List<String> row = new ArrayList<>();
      part.forEach(it -> row.add(it.isNull() ? null : it.asString()));
      rows.add(row);
    }
    return rows;
  }
}
