package io.sallyport.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A document of the repository, as far as tests read Markdown.
 *
 * @param path where it is
 * @param text all of it
 */
public record MarkdownFile(Path path, String text) {
  private static final Pattern FENCED =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
  private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

  /** A fenced block; the language is empty where none is given. */
  public record Block(String language, String text) {}

  /** Reads a document by its path from the root of the repository. */
  public static MarkdownFile read(String path) throws IOException {
    Path file = root().resolve(path);
    return new MarkdownFile(file, Files.readString(file));
  }

  /** The repository's root; tests run in a module of it. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("models-README.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** What stands under a heading, up to the next of the same level or above. */
  public MarkdownFile section(String heading) {
    String marks = heading.substring(0, heading.indexOf(' '));
    int start = text.indexOf("\n" + heading + "\n");
    if (start < 0) {
      throw new AssertionError(path + " has no heading " + heading);
    }
    var next =
        Pattern.compile("^#{1," + marks.length() + "} ", Pattern.MULTILINE)
            .matcher(withoutBlocks(text))
            .results()
            .map(MatchResult::start)
            .filter(at -> at > start + 1)
            .findFirst();
    return new MarkdownFile(path, text.substring(start, next.orElse(text.length())));
  }

  /** The fenced blocks of a language. */
  public List<String> blocks(String language) {
    return blocks().stream()
        .filter(block -> block.language().equals(language))
        .map(Block::text)
        .toList();
  }

  /** All fenced blocks. */
  public List<Block> blocks() {
    return FENCED
        .matcher(text)
        .results()
        .map(found -> new Block(found.group(1), found.group(2)))
        .toList();
  }

  /** The rows of all tables as their cells, heads and rules included. */
  public List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (String line : withoutBlocks(text).split("\n")) {
      if (line.startsWith("|")) {
        String[] cells = CELL_END.split(line.substring(1), -1);
        rows.add(
            Arrays.stream(cells)
                .limit(cells.length - 1L)
                .map(cell -> cell.replace("\\|", "|").strip())
                .toList());
      }
    }
    return rows;
  }

  /** What stands between backticks outside of blocks. */
  public List<String> spans() {
    return spans(withoutBlocks(text));
  }

  /** What stands between backticks in a text. */
  public static List<String> spans(String text) {
    return SPAN.matcher(text)
        .results()
        .map(found -> found.group(1).replaceAll("\\s+", " "))
        .toList();
  }

  /** The targets of all links. */
  public List<String> links() {
    return LINK.matcher(withoutBlocks(text)).results().map(found -> found.group(1)).toList();
  }

  /** The anchors that headings make. */
  public Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    HEADING
        .matcher(withoutBlocks(text))
        .results()
        .map(found -> found.group(1).toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .forEach(anchors::add);
    return anchors;
  }

  /** Blocks blanked out, so that offsets stay. */
  private static String withoutBlocks(String text) {
    return FENCED.matcher(text).replaceAll(found -> found.group().replaceAll("[^\\n]", " "));
  }
}
