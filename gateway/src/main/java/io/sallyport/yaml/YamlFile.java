package io.sallyport.yaml;

import io.sallyport.yaml.EventReader.TooMuchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads one YAML document strictly. */
public final class YamlFile {
  /** No file of an operator's is larger; lexicons of 10,000 terms stay far below. */
  public static final int BYTES_MAX = 4 << 20;

  private YamlFile() {}

  /** Reads a file from disk; empty, with a problem recorded, when it cannot be read or parsed. */
  public static Optional<YamlValue> read(Path path, Problems problems) {
    // Reads up to the cap instead of asking for the size: a file may grow, and a pipe has none.
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      return parse(path.toString(), bytes, problems);
    } catch (IOException e) {
      problems.add(path.toString(), 0, "cannot be read (" + e.getClass().getSimpleName() + ")");
      return Optional.empty();
    }
  }

  /** Parses the bytes of a file; empty, with a problem recorded, when they are not strict YAML. */
  public static Optional<YamlValue> parse(String file, byte[] bytes, Problems problems) {
    if (bytes.length > BYTES_MAX) {
      problems.add(file, 0, "larger than " + BYTES_MAX + " bytes");
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(file, text, problems);
    } catch (CharacterCodingException e) {
      problems.add(file, 0, "not UTF-8");
      return Optional.empty();
    }
  }

  private static Optional<YamlValue> parse(String file, String text, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setCodePointLimit(BYTES_MAX)
            .build();
    try {
      var events = new Parse(settings).parseString(text).iterator();
      var resolver = settings.getSchema().getScalarResolver();
      return new EventReader(events, resolver, problems).document(file);
    } catch (TooMuchException e) {
      problems.add(file, e.line(), String.valueOf(e.getMessage()));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(-1) + 1;
      problems.add(file, line, String.valueOf(e.getProblem()).strip());
    } catch (YamlEngineException e) {
      problems.add(file, 0, "not a YAML document");
    }
    return Optional.empty();
  }
}
