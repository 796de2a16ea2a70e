package io.sallyport.detect.onnx.export;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Opens an export's tokenizer and holds the files beside it against it. The library that wrote the
 * export lets {@code tokenizer_config.json} overrule {@code tokenizer.json}; here one file counts,
 * and a contradiction is refused.
 */
final class TokenizerCheck {
  static final String FILE = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String SPECIAL = "special_tokens_map.json";

  private final ExportFolder folder;
  private final Notes notes;

  TokenizerCheck(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  void run(Tokenizer.Factory tokenizers) {
    if (!folder.has(FILE)) {
      folder.problem(FILE, "is not there; save the tokenizer as a fast one, in one file");
      return;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.file(FILE)))) {
      Tokenizer tokenizer = tokenizers.open(in);
      notes.took("tokenizer", tokenizer.toString(), FILE);
      JsonNode parts = folder.parts(FILE, Set.of("normalizer", "pre_tokenizer", "added_tokens"));
      settings(parts, folder.json(CONFIG));
      ends(parts.path("added_tokens"), tokenizer, folder.json(SPECIAL));
    } catch (IOException e) {
      folder.problem(FILE, String.valueOf(e.getMessage()).replace("tokenizer.json: ", ""));
    }
  }

  private void settings(JsonNode parts, JsonNode config) {
    JsonNode normalizer = parts.path("normalizer");
    if (normalizer.path("type").asString("").equals("BertNormalizer")) {
      agree(config, "do_lower_case", normalizer, "lowercase");
      agree(config, "strip_accents", normalizer, "strip_accents");
      agree(config, "tokenize_chinese_chars", normalizer, "handle_chinese_chars");
    }
    JsonNode pre = parts.path("pre_tokenizer");
    if (pre.path("type").asString("").equals("ByteLevel")) {
      agree(config, "add_prefix_space", pre, "add_prefix_space");
    }
  }

  private void agree(JsonNode config, String key, JsonNode part, String partKey) {
    JsonNode said = config.path(key);
    if (said.isBoolean()
        && part.path(partKey).isBoolean()
        && said.booleanValue() != part.path(partKey).booleanValue()) {
      folder.problem(
          CONFIG,
          key + ": " + said + ", but " + FILE + " has " + partKey + ": " + !said.booleanValue());
    }
  }

  /** BERT's names, or where there are none those of models that tell how a text begins and ends. */
  private void ends(JsonNode added, Tokenizer tokenizer, JsonNode special) {
    end(added, special, special.has("cls_token") ? "cls_token" : "bos_token", tokenizer.clsId());
    end(added, special, special.has("sep_token") ? "sep_token" : "eos_token", tokenizer.sepId());
  }

  /** The id that fills texts up; a problem, and empty, when no file tells it. */
  OptionalInt pad() {
    JsonNode config = folder.json(CONFIG);
    String content = content(config, "pad_token");
    if (content.isEmpty()) {
      content = content(folder.json(SPECIAL), "pad_token");
    }
    for (JsonNode one : folder.parts(FILE, Set.of("added_tokens")).path("added_tokens")) {
      if (one.path("content").asString("").equals(content) && one.path("id").asInt(-1) >= 0) {
        int id = one.path("id").asInt(-1);
        notes.took("pad", "token " + id, "pad_token in " + CONFIG + " or " + SPECIAL);
        return OptionalInt.of(id);
      }
    }
    folder.problem(CONFIG, "no pad_token that " + FILE + " has, and texts must be padded");
    return OptionalInt.empty();
  }

  private static String content(JsonNode names, String key) {
    JsonNode token = names.path(key);
    return token.isString() ? token.stringValue() : token.path("content").asString("");
  }

  private void end(JsonNode added, JsonNode special, String key, int id) {
    if (id == Tokenizer.NONE) {
      return;
    }
    String content = content(special, key);
    for (JsonNode one : added) {
      if (one.path("content").asString("").equals(content) && one.path("id").asInt(-1) != id) {
        folder.problem(
            SPECIAL, key + " is '" + content + "', which is not what " + FILE + " puts there");
      }
    }
  }
}
