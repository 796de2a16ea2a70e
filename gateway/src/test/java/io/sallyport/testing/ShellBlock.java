package io.sallyport.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A shell block of a document, as far as tests read shell: statements, here-documents, words. */
public final class ShellBlock {
  private static final Pattern HERE = Pattern.compile("<<'(\\w+)'$");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s']+)");

  private ShellBlock() {}

  /** The statements of a block, comments left out; one with a here-document has several lines. */
  public static List<String> statements(String block) {
    List<String> statements = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    String end = "";
    for (String line : block.lines().toList()) {
      if (open.isEmpty() && (line.isBlank() || line.startsWith("#"))) {
        continue;
      }
      open.append(line).append('\n');
      Matcher here = HERE.matcher(line);
      if (end.isEmpty() && here.find()) {
        end = here.group(1);
      } else if (end.isEmpty() ? !line.endsWith("\\") : line.equals(end)) {
        statements.add(open.toString().replace("\\\n", " ").strip());
        open.setLength(0);
        end = "";
      }
    }
    if (!open.isEmpty()) {
      throw new AssertionError("a statement without an end: " + open);
    }
    return statements;
  }

  /** The words of a statement; single quotes are the only ones that are understood. */
  public static List<String> words(String statement) {
    return WORD.matcher(statement)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toList();
  }
}
